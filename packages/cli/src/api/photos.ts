import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../failure.ts';

/** Is it a photo, by its name? */
export const isPhoto = (name: string) => /\.(jpe?g|png|bmp)$/i.test(name);

/**
 * The files named, and the photos (by their names) of the folders named, at any depth; hidden ones left out. Links are followed.
 * @throws CliError nothing of that name, or a folder without a photo
 */
export async function photosOf(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const entry = await stat(path).catch(() => undefined);
      if (entry === undefined) throw new CliError(`There is no file or folder ${path}.`);
      if (!entry.isDirectory()) return [path];
      const photos = await photosIn(path, []);
      if (photos.length === 0) throw new CliError(`There is no JPEG, PNG or BMP file in ${path}.`);
      return photos;
    }),
  );
  return found.flat();
}

/** @param within the folders that this one lies in, by their real paths: a link to one of them leads nowhere new */
async function photosIn(folder: string, within: readonly string[]): Promise<string[]> {
  const own = await realpath(folder);
  if (within.includes(own)) return [];
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const entry = await stat(path).catch(() => undefined);
      if (entry?.isDirectory()) return await photosIn(path, [...within, own]);
      return entry?.isFile() && isPhoto(name) ? [path] : [];
    }),
  );
  return found.flat();
}
