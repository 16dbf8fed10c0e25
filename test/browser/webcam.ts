import { open, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createVideoDecoder } from '@openfrs/video';
import type Sharp from 'sharp';
import { sharedData } from '../support/shared-data.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

/** Half of what the decoder hands over: each is drawn, encoded and judged. Of a file of JPEG pictures Chromium would show 30. */
const framesPerSecond = 5;
const decodedPerSecond = 10;
const height = 480;

/** What the webcam shows: a person who opens the mouth twice, if the shared videos are here. */
export async function webcam(folder: string): Promise<string | undefined> {
  const video = sharedData('videos/derived/lp_d18_open_mouth_twice.mp4');
  if (video === undefined) return undefined;
  const path = join(folder, 'webcam.y4m');
  const file = await open(path, 'w');
  let decoded = 0;
  // Its usual limit is for videos of strangers, on a machine that isn't busy with other tests.
  const decoder = createVideoDecoder({ ffmpegPath: process.env.FFMPEG_PATH ?? null, totalMs: 600_000 });
  await decoder.decode(await readFile(video), async (frame) => {
    const at = decoded++;
    if (at % (decodedPerSecond / framesPerSecond) !== 0) return;
    const raw = sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } });
    const width = Math.round((frame.width * height) / frame.height / 2) * 2;
    const rgb = await raw.resize(width, height).raw().toBuffer();
    if (at === 0) await file.write(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420\n`);
    await file.write('FRAME\n');
    await file.write(yuvOf(rgb, width));
  });
  await file.close();
  return path;
}

/** Planes Y, Cb and Cr (BT.601 in its full range, as JPEG has it), the latter of one pixel in four. */
function yuvOf(rgb: Buffer, width: number): Buffer {
  const pixels = rgb.length / 3;
  const yuv = Buffer.alloc(pixels * 1.5);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const red = rgb.readUInt8(pixel * 3);
    const green = rgb.readUInt8(pixel * 3 + 1);
    const blue = rgb.readUInt8(pixel * 3 + 2);
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    yuv[pixel] = luma;
    const column = pixel % width;
    const row = (pixel - column) / width;
    if (column % 2 === 1 || row % 2 === 1) continue;
    const at = pixels + (row / 2) * (width / 2) + column / 2;
    yuv[at] = 128 + (blue - luma) / 1.772;
    yuv[at + pixels / 4] = 128 + (red - luma) / 1.402;
  }
  return yuv;
}
