import { readFile } from 'node:fs/promises';

/** Writes a file that only its owner can read: whole or not at all, also when the process is killed or the power goes. */
export { replaceFile as writePrivateFile } from '@openfrs/embedded';

/** There is no such file: also where a file stands in the place of its folder, which whoever makes the folder tells. */
const missing = ['ENOENT', 'ENOTDIR'];

/** The text of a file; undefined where there is none. */
export async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (missing.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
