import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../failure.ts';

/** Is it a photo, by its name? */
export const isPhoto = (name: string) => /\.(jpe?g|png|bmp)$/i.test(name);

/** The files named, and the photos (by their names) of the folders named, at any depth; hidden ones left out. */
export async function photosOf(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const entry = await stat(path).catch(() => undefined);
      if (entry === undefined) throw new CliError(`There is no file or folder ${path}.`);
      return entry.isDirectory() ? await photosIn(path) : [path];
    }),
  );
  return found.flat();
}

async function photosIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return await photosIn(path);
        return entry.isFile() && isPhoto(entry.name) ? [path] : [];
      }),
  );
  return found.flat();
}
