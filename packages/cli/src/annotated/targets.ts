import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { CliError } from '../failure.ts';

/** Where to write: photos with marks, a page of all of them. */
export interface Wanted {
  /** A JPEG file for one photo, or a folder. */
  readonly annotate: string | undefined;
  readonly html: string | undefined;
  /** Files of an earlier run may be replaced; originals never are. */
  readonly force: boolean;
}

/**
 * Checks where pictures and page are to go, before anything is asked or written.
 * @param paths as named: files, and folders that were searched for photos
 * @param files the photos of them
 * @returns the path of each photo's picture
 * @throws CliError a target is an original, would be one at the next run, or exists already and `force` isn't set
 */
export async function targetsOf(
  paths: readonly string[],
  files: readonly string[],
  { annotate, html, force }: Wanted,
): Promise<ReadonlyMap<string, string>> {
  const pictures = new Map(annotate === undefined ? [] : picturesOf(files, annotate));
  const originals = new Set(await Promise.all(files.map(realOf)));
  const targets = [...pictures.values(), ...(html === undefined ? [] : [html])];
  const reals = await Promise.all(targets.map(realOf));
  for (const [at, target] of targets.entries())
    if (originals.has(reals[at] as string))
      throw new CliError(`${target} is one of the photos: name another place.`);
  if (new Set(reals).size < reals.length) throw new CliError('Two pictures would go into one file.');
  const pictured = pictures.size === 0 ? [] : reals.slice(0, pictures.size);
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) continue;
    const folder = await realOf(path);
    if (pictured.some((real) => real.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)))
      throw new CliError(
        `${annotate} is in ${path}: the next run would take its pictures for photos. Name a place outside of it.`,
      );
  }
  if (!force)
    for (const target of targets)
      if (await exists(target)) throw new CliError(`${target} exists already: --force replaces it.`);
  return pictures;
}

/** Is it a file's name, not a folder's? */
export const isJpeg = (path: string) => /\.jpe?g$/i.test(path);

function picturesOf(files: readonly string[], annotate: string): [file: string, target: string][] {
  if (!isJpeg(annotate)) {
    const shared = commonFolder(files);
    return files.map((file) => [file, join(annotate, nameOf(relative(shared, resolve(file))))]);
  }
  if (files.length > 1)
    throw new CliError(`${files.length} photos don't fit into ${annotate}: name a folder.`);
  return files.map((file) => [file, annotate]);
}

/** Through links, also where the last parts of the path aren't there yet. */
async function realOf(path: string): Promise<string> {
  const whole = resolve(path);
  const parent = dirname(whole);
  if (parent === whole) return whole;
  return await realpath(whole).catch(async () => join(await realOf(parent), basename(whole)));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The folder that all of them are in, at any depth. */
function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => dirname(resolve(file)).split(sep));
  const depth = first.findIndex((name, at) => others.some((other) => other[at] !== name));
  return first.slice(0, depth < 0 ? first.length : depth).join(sep) || sep;
}

/** `a.png` and `a.jpg` stay two files. */
const nameOf = (path: string): string => (isJpeg(path) ? path : `${path}.jpg`);
