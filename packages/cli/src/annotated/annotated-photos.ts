import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { CliError } from '../failure.ts';
import type { AnnotatedPhoto } from './annotated-photo.ts';
import { overlaySvg } from './overlay.ts';
import { annotatedPage } from './page.ts';

/** Where to write: photos with marks, a page of all of them. */
export interface Wanted {
  /** A JPEG file for one photo, or a folder. */
  readonly annotate: string | undefined;
  readonly html: string | undefined;
}

export const annotateOptions = [
  ['--annotate <path>', 'write the photos with the faces marked into a folder, or one to a .jpg file'],
  ['--html <file>', 'write one page with the marked photos and what was found'],
] as const;

/** Of a page: enough for a screen, so that hundreds of photos still open. */
const longestOnPage = 1000;

/** @throws CliError where several photos are to go into one file */
export async function writeAnnotated(
  photos: readonly AnnotatedPhoto[],
  wanted: Wanted,
  title: string,
): Promise<void> {
  const { annotate, html } = wanted;
  if (annotate === undefined && html === undefined) return;
  const isFile = annotate !== undefined && /\.jpe?g$/i.test(annotate);
  if (isFile && photos.length > 1)
    throw new CliError(`${photos.length} photos don't fit into ${annotate}: name a folder.`);
  const shared = commonFolder(photos.map(({ file }) => file));
  const shown: { photo: AnnotatedPhoto; jpeg?: Uint8Array }[] = [];
  // One after the other: a photo takes up to 100 MB while it is drawn on.
  for (const photo of photos) {
    const svgOf = (size: { width: number; height: number }) => overlaySvg(size, photo.marks);
    if (annotate !== undefined) {
      const path = isFile ? annotate : join(annotate, nameOf(relative(shared, resolve(photo.file))));
      const jpeg = await marked(photo, svgOf);
      if (jpeg !== undefined) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, jpeg);
      }
    }
    if (html !== undefined) {
      const jpeg = await marked(photo, svgOf, longestOnPage);
      shown.push({ photo, ...(jpeg && { jpeg }) });
    }
  }
  if (html !== undefined) await writeFile(html, annotatedPage(title, shown));
}

/** Undefined for what is no picture: the rows say why. */
async function marked(
  { file, picture }: AnnotatedPhoto,
  svgOf: (size: { width: number; height: number }) => string,
  longest?: number,
): Promise<Uint8Array | undefined> {
  // Only who draws waits for it.
  const { decodePicture, drawnOver } = await import('@openfrs/vision/image');
  const frame = await decodePicture(picture ?? (await readFile(file))).catch(() => undefined);
  return frame && (await drawnOver(frame, svgOf(frame), longest));
}

/** The folder that all of them are in, at any depth. */
function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => dirname(resolve(file)).split(sep));
  const depth = first.findIndex((name, at) => others.some((other) => other[at] !== name));
  return first.slice(0, depth < 0 ? first.length : depth).join(sep) || sep;
}

/** `a.png` and `a.jpg` stay two files. */
const nameOf = (path: string): string => (/^\.jpe?g$/i.test(extname(path)) ? path : `${path}.jpg`);
