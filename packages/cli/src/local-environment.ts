import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/**
 * The settings by which the stores of a running local server are reached: `credentials.env` and `secret.key` of its
 * data folder, which it writes at every start. `undefined` where there is no such folder.
 */
export async function localEnvironment(
  dataDir: string,
): Promise<Readonly<Record<string, string | undefined>> | undefined> {
  const credentials = await readIfThere(join(dataDir, 'credentials.env'));
  if (credentials === undefined) return undefined;
  const secretKey = await readIfThere(join(dataDir, 'secret.key'));
  return {
    ...parseEnv(credentials),
    ...(secretKey !== undefined && { FRS_SECRET_KEY: secretKey.trim() }),
    // The shell's own session is of another store.
    AWS_SESSION_TOKEN: undefined,
  };
}

/** The text of a file; undefined where there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
