import type { Frame } from '../geometry/frame.ts';
import { sharp } from './native-sharp.ts';

/** Pixels that are sampled to measure a picture's light. */
const samples = 2048;
/** Of all but the brightest twentieth: under `dark` a picture is brightened until they reach `wanted`, at most `most` times. */
const dark = 100;
const wanted = 160;
const most = 6;

/** The frame itself, or, of a dark picture, a brighter copy: detectors were trained in daylight. */
export async function correctLowLight(frame: Frame): Promise<Frame> {
  const level = brightLevel(frame);
  if (level >= dark) return frame;
  const { width, height, data } = frame;
  const pixels = await sharp(data, { raw: { width, height, channels: 3 } })
    .linear(Math.min(most, wanted / Math.max(level, 1)), 0)
    .raw()
    .toBuffer();
  return { width, height, data: pixels };
}

/** What 95 of 100 pixels don't exceed in any channel, 0..255, from evenly spread samples. */
function brightLevel({ width, height, data }: Frame): number {
  const count = Math.min(samples, width * height);
  const step = (width * height) / count;
  const histogram = new Uint32Array(256);
  for (let sample = 0; sample < count; sample += 1) {
    const at = Math.floor(sample * step) * 3;
    const level = Math.max(data[at] as number, data[at + 1] as number, data[at + 2] as number);
    histogram[level] = (histogram[level] as number) + 1;
  }
  let level = 0;
  for (let below = 0; below < count * 0.95; level += 1) below += histogram[level] as number;
  return level - 1;
}
