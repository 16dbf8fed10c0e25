import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { User } from '../ports/accounts.ts';
import type { SecretKeys } from './secret-keys.ts';

/** Lifetime of a token in seconds: 24 hours (chapter 3.3). */
export const TOKEN_SECONDS = 24 * 60 * 60;

/** Ours are about 350 characters; anything near a proxy's header limit isn't ours. */
const LONGEST_TOKEN = 2048;

/** Three parts in Base64url without padding; the last has 32 bytes, whose two spare bits are zero: one token, one text. */
const form = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;

export interface TokenClaims {
  readonly userId: string;
  readonly domainId: string;
  /** Absent: scoped to no project. */
  readonly projectId?: string;
  /** Fingerprint of the password it was got with: a changed password ends the token. */
  readonly password: string;
}

/** 48 bits of a hash over the stored (salted) password hash: tells nothing, changes with the password. */
export function passwordFingerprint(user: User): string {
  return createHash('sha256').update(user.passwordHash).digest().subarray(0, 6).toString('base64url');
}

/** Signs a token: a JWT with HMAC-SHA-256 under the first key, valid for 24 hours from `now`. */
export async function issueToken(claims: TokenClaims, keys: SecretKeys, now: Date): Promise<string> {
  const issued = Math.floor(now.getTime() / 1000);
  return await new SignJWT({
    dom: claims.domainId,
    pwd: claims.password,
    ...(claims.projectId === undefined ? {} : { prj: claims.projectId }),
  })
    .setProtectedHeader({ alg: 'HS256', kid: keys.signing.id })
    .setSubject(claims.userId)
    .setIssuedAt(issued)
    .setExpirationTime(issued + TOKEN_SECONDS)
    .sign(keys.signing.key);
}

/** What a token says, and until when: seconds since 1970. */
interface Verified {
  readonly claims: TokenClaims;
  readonly expires: number;
}

/** Tokens whose signature was right, by their SHA-256: a signature need not be computed at each request of a client. */
const verified = new WeakMap<SecretKeys, Map<string, Verified>>();
const REMEMBERED_TOKENS = 10_000;

/** The claims of a token that one of our keys signed and that is not expired at `now`; else `undefined`. */
export async function readToken(
  token: string,
  keys: SecretKeys,
  now: Date,
): Promise<TokenClaims | undefined> {
  if (token.length > LONGEST_TOKEN || !form.test(token)) return undefined;
  const known = verified.get(keys) ?? new Map<string, Verified>();
  verified.set(keys, known);
  const name = createHash('sha256').update(token).digest('base64');
  const held = known.get(name);
  if (held !== undefined && held.expires > Math.floor(now.getTime() / 1000)) return held.claims;
  const found = await verify(token, keys, now);
  known.delete(name);
  if (found === undefined) return undefined;
  known.set(name, found);
  const [oldest] = known.keys();
  if (known.size > REMEMBERED_TOKENS && oldest !== undefined) known.delete(oldest);
  return found.claims;
}

async function verify(token: string, keys: SecretKeys, now: Date): Promise<Verified | undefined> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = keys.signingKey(kid ?? '');
        if (key === undefined) throw new Error('unknown key id');
        return key;
      },
      {
        algorithms: ['HS256'],
        currentDate: now,
        // No check of `iat`: instances' clocks may differ by a little, and `exp` says the same.
        requiredClaims: ['sub', 'iat', 'exp', 'dom', 'pwd'],
      },
    );
    const { sub, dom, prj, pwd, exp } = payload;
    if (typeof sub !== 'string' || typeof dom !== 'string' || typeof pwd !== 'string') return undefined;
    const claims = {
      userId: sub,
      domainId: dom,
      password: pwd,
      ...(typeof prj === 'string' ? { projectId: prj } : {}),
    };
    return { claims, expires: exp as number };
  } catch {
    return undefined;
  }
}
