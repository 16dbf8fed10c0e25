import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createVideoDecoder } from '@openfrs/video';
import type Sharp from 'sharp';
import { sharedData } from '../support/shared-data.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

/** The decoder hands over ten frames a second, Chromium shows 30 of a file of pictures. */
const shownTimes = 3;

/** What the webcam shows: a person who opens the mouth twice, if the shared videos are here. */
export async function webcam(folder: string): Promise<string | undefined> {
  const video = sharedData('videos/derived/lp_d18_open_mouth_twice.mp4');
  if (video === undefined) return undefined;
  const decoder = createVideoDecoder({ ffmpegPath: process.env.FFMPEG_PATH ?? null });
  const pictures: Buffer[] = [];
  await decoder.decode(await readFile(video), async ({ data, width, height }) => {
    const raw = sharp(data, { raw: { width, height, channels: 3 } });
    const picture = await raw.resize({ height: 480 }).jpeg({ quality: 85 }).toBuffer();
    pictures.push(...Array.from({ length: shownTimes }, () => picture));
  });
  const made = join(folder, 'webcam.mjpeg');
  await writeFile(made, Buffer.concat(pictures));
  return made;
}
