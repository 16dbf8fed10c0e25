import { join } from 'node:path';
import type { Credentials } from './auth/credentials.ts';
import { makeFolder } from './disk/files.ts';
import { folderError, StartupError } from './startup-error.ts';
import { storedCredentials } from './stored-credentials.ts';

/** Makes the data folder where it isn't there, and reads or makes the keys. @throws StartupError */
export async function prepareDataFolder(dir: string): Promise<Credentials> {
  try {
    await makeFolder(dir);
    return await storedCredentials(join(dir, 'keys.json'));
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw folderError(dir, error);
  }
}
