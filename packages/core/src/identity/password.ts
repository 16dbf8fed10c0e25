import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type KeyDerivation, scryptInPool } from './key-derivation.ts';

/** OWASP's scrypt setting for 32 MiB: N = 2^15, r = 8, p = 3 (Password Storage Cheat Sheet). */
const LOG_N = 15;
const BLOCK = 8;
const PARALLEL = 3;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const LONGEST_PASSWORD = 1024;
/** What a stored hash may ask for: 128 MiB. Anything above was not written by this service. */
const MOST = { logN: 17, block: 8, parallel: 16 };

interface Hash {
  readonly logN: number;
  readonly block: number;
  readonly parallel: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Hashes a password: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>` (PHC string format, base64 without padding). */
export async function hashPassword(password: string, derivation = scryptInPool): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const setting = { logN: LOG_N, block: BLOCK, parallel: PARALLEL, salt };
  return format({ ...setting, hash: await derive(password, { ...setting, length: HASH_BYTES }, derivation) });
}

/**
 * Whether the password is the one that was hashed. `stored` is `undefined` for an unknown user: the same work is done and
 * the answer is no, so that the time doesn't tell which names exist.
 */
export async function verifyPassword(
  password: string,
  stored: string | undefined,
  derivation = scryptInPool,
): Promise<boolean> {
  const known = stored === undefined ? undefined : parse(stored);
  const against = known ?? nobody;
  const fits = password.length <= LONGEST_PASSWORD;
  const setting = { ...against, length: against.hash.length };
  const hash = await derive(fits ? password : '', setting, derivation);
  return timingSafeEqual(hash, against.hash) && known !== undefined && fits;
}

const nobody: Hash = {
  logN: LOG_N,
  block: BLOCK,
  parallel: PARALLEL,
  salt: randomBytes(SALT_BYTES),
  hash: randomBytes(HASH_BYTES),
};

async function derive(
  password: string,
  { logN, block, parallel, salt, length }: Omit<Hash, 'hash'> & { readonly length: number },
  derivation: KeyDerivation,
): Promise<Buffer> {
  const cost = { N: 2 ** logN, r: block, p: parallel };
  return Buffer.from(await derivation.derive(password.normalize('NFC'), { ...cost, salt, length }));
}

function format({ logN, block, parallel, salt, hash }: Hash): string {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${logN},r=${block},p=${parallel}$${base64(salt)}$${base64(hash)}`;
}

function parse(text: string): Hash | undefined {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [logN, block, parallel] = match.slice(1, 4).map(Number) as [number, number, number];
  const [salt = '', hash = ''] = match.slice(4);
  const within = (value: number, most: number) => value >= 1 && value <= most;
  if (!within(logN, MOST.logN) || !within(block, MOST.block) || !within(parallel, MOST.parallel))
    return undefined;
  return {
    logN,
    block,
    parallel,
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}
