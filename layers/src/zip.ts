import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** Of deflate: 0 stores files as they are, 6 is its usual one. */
export type Level = 0 | 6;

/** A folder's zip: what it weighs packed and unpacked, in bytes. */
export interface Zipped {
  readonly zipped: number;
  readonly unzipped: number;
}

/**
 * Zips a folder so that the same files give the same bytes on every machine: sorted names, one fixed time and
 * mode, and a deflate in plain JavaScript (zlib's output differs between its versions and processors).
 */
export async function zipFolder(folder: string, file: string, level: Level): Promise<Zipped> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const files: Zippable = {};
  let unzipped = 0;
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    unzipped += bytes.length;
    files[name] = [bytes, { level, mtime: '1980-01-02T00:00:00', os: 3, attrs: 0o100644 << 16 }];
  }
  const zip = zipSync(files);
  await writeFile(`${file}.part`, zip);
  await rename(`${file}.part`, file);
  return { zipped: zip.length, unzipped };
}
