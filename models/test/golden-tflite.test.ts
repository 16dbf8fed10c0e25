import { beforeAll, expect, it } from 'vitest';
import { ensureModels } from '../src/build/build-models.ts';
import { convertTflite } from '../src/build/tflite/convert.ts';
import { entryOf, runOurs } from './support.ts';

const id = 'blazeface-full-range';
const side = 192;

/** Rows of the original's outputs for the picture below, as LiteRT 2 (`ai-edge-litert`, PyPI) gives them: logit, then the box. */
const golden = [
  [0, -6.958585, [-3.5185, -3.01563, 19.79467, 19.79921]],
  [577, -5.835106, [-1.91031, -1.7139, 11.77657, 11.77863]],
  [1152, -6.575634, [-1.10535, -3.66181, 27.66758, 27.67244]],
  [1700, -7.790824, [-1.07506, -1.14232, 79.11725, 79.11773]],
  [2303, -10.292833, [-2.8968, -1.16166, 43.80011, 43.80896]],
] as const;

/** A pattern of whole numbers, the same in every language. */
function pattern(): Uint8Array {
  return Uint8Array.from({ length: side * side * 3 }, (_, at) => {
    const [y, x, c] = [Math.floor(at / 3 / side), Math.floor(at / 3) % side, at % 3];
    return (x * 7 + y * 13 + c * 61 + Math.floor((x * y) / 17)) % 256;
  });
}

beforeAll(async () => {
  await ensureModels({ ids: [id] });
});

it('a model converted from TensorFlow Lite answers as LiteRT does', async () => {
  const { scores_4: scores, boxes_4: boxes } = await runOurs(id, pattern(), [1, side, side, 3]);
  expect(scores?.dims).toEqual([1, 2304, 1]);
  expect(boxes?.dims).toEqual([1, 2304, 16]);
  for (const [row, logit, box] of golden) {
    expect(Math.abs((scores?.data[row] ?? 0) - logit)).toBeLessThan(1e-4);
    for (const [at, value] of box.entries())
      expect(Math.abs((boxes?.data[row * 16 + at] ?? 0) - value)).toBeLessThan(1e-3);
  }
});

it('takes pictures of any size, several at once', async () => {
  const pixels = new Uint8Array(2 * 96 * 128 * 3).fill(90);
  const { scores_4: scores } = await runOurs(id, pixels, [2, 96, 128, 3]);
  expect(scores?.dims).toEqual([2, 24 * 32, 1]);
});

it('refuses what is no such file', () => {
  expect(entryOf(id).convert.format).toBe('tflite');
  expect(() => convertTflite(id, new Uint8Array(64), ['scores_4'])).toThrow();
});
