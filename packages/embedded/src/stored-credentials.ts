import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Credentials } from './auth/credentials.ts';
import { syncFolder } from './disk/files.ts';
import { problemOf } from './integrity/check-level.ts';
import { StartupError } from './startup-error.ts';

/** The region that the embedded stores claim: the one that S3 tools take where they aren't told. */
const region = 'us-east-1';

/** The stores' key pair, made at the first start and kept in a file that only its owner can read. */
export async function storedCredentials(file: string): Promise<Credentials> {
  return (await read(file)) ?? (await create(file)) ?? (await storedCredentials(file));
}

async function read(file: string): Promise<Credentials | undefined> {
  try {
    return parse(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `The file ${file} ${problemOf(error)}: remove it, and the stores get new keys of their own.`,
    );
  }
}

/** Undefined when another instance was quicker: the file is put in place whole, and never over another one. */
async function create(file: string): Promise<Credentials | undefined> {
  const credentials: Credentials = {
    accessKeyId: `EMBEDDED${randomBytes(6).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
    region,
  };
  const next = `${file}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(next, JSON.stringify(credentials), { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(next, file);
    await syncFolder(dirname(file));
    return credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  } finally {
    await rm(next);
  }
}

function parse(text: string, file: string): Credentials {
  try {
    const { accessKeyId, secretAccessKey, region: kept } = JSON.parse(text) as Partial<Credentials>;
    if (accessKeyId && secretAccessKey && kept) return { accessKeyId, secretAccessKey, region: kept };
  } catch {
    // said below
  }
  throw new StartupError(`The file ${file} is damaged: remove it, and the stores get new keys of their own.`);
}
