import { type FileHandle, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AnnotatedPhoto } from './annotated-photo.ts';
import { overlaySvg } from './overlay.ts';
import { pageEnd, pageHead, pageSection } from './page.ts';
import { isJpeg, targetsOf, type Wanted } from './targets.ts';

/** Pictures and page of one run. */
export interface Drawing {
  /** Draws a photo, and writes it at once: nothing is kept in memory. One after the other: one takes up to 100 MB meanwhile. */
  add(photo: AnnotatedPhoto): Promise<void>;
  end(): Promise<void>;
}

/** Of a page: enough for a screen, so that hundreds of photos still open. */
const longestOnPage = 1000;

/**
 * Begins to draw: call it before anything is asked of the service, so that what can't be written costs nothing.
 * @param paths as named: files, and folders that were searched for photos
 * @param files the photos of them
 * @throws CliError of `targetsOf`; Error a folder can't be made
 */
export async function beginDrawing(
  paths: readonly string[],
  files: readonly string[],
  wanted: Wanted,
  title: string,
): Promise<Drawing> {
  const { annotate, html, force } = wanted;
  const pictures = await targetsOf(paths, files, wanted);
  if (annotate !== undefined)
    await mkdir(isJpeg(annotate) ? dirname(annotate) : annotate, { recursive: true });
  if (html !== undefined) await mkdir(dirname(html), { recursive: true });
  // Nothing takes the place of a file that has come since it was looked for.
  const flag = force ? 'w' : 'wx';
  let page: FileHandle | undefined;
  return {
    async add(photo) {
      const target = pictures.get(photo.file);
      if (target === undefined && html === undefined) return;
      const draw = await drawingOf(photo);
      if (target !== undefined && draw !== undefined) {
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, await draw(), { flag });
      }
      if (html === undefined) return;
      if (page === undefined) {
        page = await open(html, flag);
        await page.appendFile(pageHead(title));
      }
      await page.appendFile(pageSection(photo, await draw?.(longestOnPage)));
    },
    async end() {
      await page?.appendFile(pageEnd);
      await page?.close();
    },
  };
}

/** Draws a photo that is decoded once. Undefined for what is no picture, or is gone meanwhile: the rows say why. */
async function drawingOf({
  file,
  picture,
  marks,
}: AnnotatedPhoto): Promise<((longest?: number) => Promise<Uint8Array>) | undefined> {
  // Only who draws waits for it.
  const { decodePicture, drawnOver } = await import('@openfrs/vision/image');
  const bytes = picture ?? (await readFile(file).catch(() => undefined));
  const frame = bytes && (await decodePicture(bytes).catch(() => undefined));
  return frame && ((longest) => drawnOver(frame, overlaySvg(frame, marks), longest));
}
