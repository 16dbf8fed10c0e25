import type { Frame } from '@openfrs/vision/pipeline';
import { retouched } from './pictures.ts';

/** What a camera sees of a screen that replays a video; simulated, no screen was recorded. */
export const screens: Readonly<Record<string, (frame: Frame, time: number) => Frame>> = {
  moire: (frame, time) =>
    retouched(frame, (old, x, y, channel) => {
      const wave =
        Math.sin(1.31 * x + 0.35 * y + channel + 0.9 * time) + Math.sin(0.42 * x - 1.17 * y + 2 * channel);
      return 8 + old * (0.94 + 0.035 * wave);
    }),
  bands: (frame, time) =>
    retouched(
      frame,
      (old, _x, y) => old * (1 + 0.09 * Math.sin((6.3 * 1.7 * y) / frame.height + 6.3 * 3.3 * time)),
    ),
  rescan: (frame) => rescanned(frame, 3),
  bezel: (frame) => bezelled(rescanned(frame, 1.5)),
};

/** At a fraction of its resolution and enlarged again. */
function rescanned(frame: Frame, by: number): Frame {
  const { width, height, data } = frame;
  const mean = (x: number, y: number, channel: number) => {
    const [left, top] = [Math.floor(x / by) * by, Math.floor(y / by) * by];
    let [sum, count] = [0, 0];
    for (let v = Math.floor(top); v < Math.min(height, top + by); v++) {
      for (let u = Math.floor(left); u < Math.min(width, left + by); u++) {
        sum += data[3 * (v * width + u) + channel] as number;
        count += 1;
      }
    }
    return sum / Math.max(1, count);
  };
  return retouched(frame, (_old, x, y, channel) => mean(x, y, channel));
}

/** Within a dark frame before a wall. */
function bezelled(frame: Frame): Frame {
  const { width, height, data } = frame;
  return retouched(frame, (_old, x, y, channel) => {
    const [u, v] = [(x / width - 0.5) / 0.78 + 0.5, (y / height - 0.5) / 0.78 + 0.5];
    if (u < -0.05 || v < -0.05 || u > 1.05 || v > 1.05) return 150;
    if (u < 0 || v < 0 || u >= 1 || v >= 1) return 12;
    return (
      6 + 0.95 * (data[3 * (Math.floor(v * height) * width + Math.floor(u * width)) + channel] as number)
    );
  });
}
