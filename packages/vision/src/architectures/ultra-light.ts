import type { Candidate } from '../detection/nms.ts';
import type { Pixels } from '../runtime/sessions.ts';
import { type Decoder, outputOf } from './decoder.ts';

/** Prior boxes of Ultra-Light RFB: their sides in input pixels at each stride. */
const priors = [
  { step: 8, sides: [10, 16, 24] },
  { step: 16, sides: [32, 48] },
  { step: 32, sides: [64, 96] },
  { step: 64, sides: [128, 192, 256] },
] as const;
const centreVariance = 0.1;
const sizeVariance = 0.2;

/**
 * Ultra-Light RFB's raw boxes (SSD: centre + 0.1·d·prior, prior·exp(0.2·d)) of pictures of any size. The file's own
 * decoding is fixed to 320 × 240.
 */
export const decodeUltraLight: Decoder<Candidate[]> = (outputs, { pixels, threshold }) => {
  const scores = outputOf(outputs, 'scores');
  const boxes = outputOf(outputs, 'boxes');
  return Array.from({ length: pixels.count }, (_, index) => decode(scores, boxes, index, pixels, threshold));
};

function decode(
  scores: Float32Array,
  boxes: Float32Array,
  index: number,
  pixels: Pixels,
  threshold: number,
): Candidate[] {
  const found: Candidate[] = [];
  let prior = (index * scores.length) / 2 / pixels.count;
  for (const { step, sides } of priors) {
    const columns = Math.ceil(pixels.width / step);
    const count = columns * Math.ceil(pixels.height / step) * sides.length;
    for (let place = 0; place < count; place += 1, prior += 1) {
      const score = scores[prior * 2 + 1] as number;
      if (score < threshold) continue;
      const side = sides[place % sides.length] as number;
      const cell = Math.floor(place / sides.length);
      const raw = boxes.subarray(prior * 4, prior * 4 + 4);
      const width = side * Math.exp((raw[2] as number) * sizeVariance);
      const height = side * Math.exp((raw[3] as number) * sizeVariance);
      const centreX = ((cell % columns) + 0.5) * step + (raw[0] as number) * centreVariance * side;
      const centreY = (Math.floor(cell / columns) + 0.5) * step + (raw[1] as number) * centreVariance * side;
      found.push({ x: centreX - width / 2, y: centreY - height / 2, width, height, score });
    }
  }
  return found;
}
