import { beforeAll, describe, expect, it } from 'vitest';
import { ensureModels } from '../src/build/build-models.ts';
import { loadManifest } from '../src/runtime/index.ts';
import {
  entryOf,
  face,
  largestDifference,
  originals,
  photo,
  prepared,
  runOriginal,
  runOurs,
  toPlanes,
} from './support.ts';

const fromOnnx = loadManifest().models.filter((m) => m.origin.from === 'npm' && m.convert.format === 'onnx');
/** Those whose outputs are the original's own, under other names. */
const plain = fromOnnx.filter((m) => !m.convert.foldEmbedding && m.role !== 'detector').map((m) => m.id);

async function original(id: string, pixels: Uint8Array, height: number, width: number) {
  const entry = entryOf(id);
  const [bytes] = await originals(entry);
  const channels = entry.convert.pixels.mean.length;
  return runOriginal(bytes!, toPlanes(prepared(entry, pixels), channels), [1, channels, height, width]);
}

beforeAll(async () => {
  await ensureModels({ ids: fromOnnx.map((m) => m.id) });
});

describe('a model taken over from ONNX answers as its original does', () => {
  it.each(plain)('%s', async (id) => {
    const [, height, width] = entryOf(id).input.shape as number[];
    const pixels = await face(1, width!, height!);
    const ours = await runOurs(id, pixels, [1, height!, width!, 3]);
    const theirs = await original(id, pixels, height!, width!);
    for (const { name, source } of entryOf(id).outputs) {
      expect(largestDifference(ours[name]!.data, theirs[source]!.data), name).toBeLessThan(1e-4);
    }
  });
});

describe('fr-detect', () => {
  it("decodes to the original's boxes at the size that one is fixed to", async () => {
    const [width, height] = [320, 240];
    const pixels = await photo(3, width, height);
    const ours = await runOurs('fr-detect', pixels, [1, height, width, 3]);
    const theirs = await original('fr-detect', pixels, height, width);
    expect(largestDifference(ours.scores!.data, theirs.scores!.data)).toBeLessThan(1e-4);
    const decoded = decode(ours.boxes!.data, width, height);
    expect(largestDifference(decoded, theirs.boxes!.data)).toBeLessThan(1e-4);
  });

  it('takes any size of picture', async () => {
    const { scores } = await runOurs('fr-detect', await photo(3, 500, 390), [1, 390, 500, 3]);
    const anchors = [8, 16, 32, 64].map((s, i) => Math.ceil(390 / s) * Math.ceil(500 / s) * [3, 2, 2, 3][i]!);
    expect(scores!.dims).toEqual([1, anchors.reduce((a, b) => a + b), 2]);
  });

  /** Corners in 0..1, as the original decodes: its anchors are spread evenly over 320 × 240, not by the stride. */
  function decode(boxes: Float32Array, width: number, height: number): number[] {
    const corners: number[] = [];
    for (const { stride, sizes } of entryOf('fr-detect').anchors!) {
      const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++) {
          for (const [w, h] of sizes) {
            const [dx, dy, dw, dh] = boxes.subarray(
              corners.length,
              corners.length + 4,
            ) as unknown as number[];
            const centre = [
              ((x + 0.5) * width) / columns + dx! * 0.1 * w,
              ((y + 0.5) * height) / rows + dy! * 0.1 * h,
            ];
            const half = [(w * Math.exp(dw! * 0.2)) / 2, (h * Math.exp(dh! * 0.2)) / 2];
            corners.push((centre[0]! - half[0]!) / width, (centre[1]! - half[1]!) / height);
            corners.push((centre[0]! + half[0]!) / width, (centre[1]! + half[1]!) / height);
          }
        }
      }
    }
    return corners;
  }
});

describe('fr-feature-192', () => {
  it('has the cosines of the 512-dimensional original', async () => {
    const side = 112;
    const ours: Float32Array[] = [];
    const theirs: Float32Array[] = [];
    for (let i = 0; i < 5; i++) {
      const pixels = await face(i, side, side);
      ours.push((await runOurs('fr-feature-192', pixels, [1, side, side, 3])).embedding!.data);
      theirs.push((await original('fr-feature-192', pixels, side, side)).output!.data);
    }
    expect(ours[0]).toHaveLength(192);
    expect(theirs[0]).toHaveLength(512);
    for (const i of ours.keys()) {
      for (let j = 0; j < i; j++) {
        expect(Math.abs(cosine(ours[i]!, ours[j]!) - cosine(theirs[i]!, theirs[j]!))).toBeLessThan(5e-5);
      }
    }
  });

  it('gives each face of a batch what it gives it alone', async () => {
    const side = 112;
    const faces = [await face(0, side, side), await face(1, side, side), await face(2, side, side)];
    const together = (await runOurs('fr-feature-192', Buffer.concat(faces), [3, side, side, 3])).embedding!;
    expect(together.dims).toEqual([3, 192]);
    const alone = (await runOurs('fr-feature-192', faces[1]!, [1, side, side, 3])).embedding!;
    expect(largestDifference(together.data.slice(192, 384), alone.data)).toBeLessThan(1e-5);
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
