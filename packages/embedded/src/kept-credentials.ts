import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Credentials } from './auth/credentials.ts';

/** The region that the embedded stores claim: the one that S3 tools take where they aren't told. */
const region = 'us-east-1';

/** The stores' key pair, made at the first start and kept in a file that only its owner can read. */
export async function keptCredentials(file: string): Promise<Credentials> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return parse(text, file);
  const credentials: Credentials = {
    accessKeyId: `EMBEDDED${randomBytes(6).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
    region,
  };
  await writeFile(`${file}.new`, JSON.stringify(credentials), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return credentials;
}

function parse(text: string, file: string): Credentials {
  try {
    const { accessKeyId, secretAccessKey, region: kept } = JSON.parse(text) as Partial<Credentials>;
    if (accessKeyId && secretAccessKey && kept) return { accessKeyId, secretAccessKey, region: kept };
  } catch {
    // said below
  }
  throw new Error(`corruption: ${file} can't be read as the stores' keys`);
}
