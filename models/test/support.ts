import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type InferenceSession, onnx, type Tensor } from '@openfrs/vision/onnxruntime';
import sharp from 'sharp';
import { installedFiles, PackageFetcher } from '../src/build/fetch/npm-package.ts';
import { loadManifest, type ModelEntry, modelFile } from '../src/runtime/index.ts';

/** Squares around faces in the photos that @vladmandic/face-api carries: [photo, left, top, side]. */
const FACES = [
  [1, 928, 563, 230],
  [2, 1539, 295, 222],
  [3, 687, 485, 259],
  [5, 1195, 333, 250],
  [6, 759, 504, 288],
] as const;

const photos = join(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'), '../demo');

export type Run = Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>;

export function entryOf(id: string): ModelEntry {
  const entry = loadManifest().models.find((m) => m.id === id);
  if (!entry) throw new Error(`no model ${id}`);
  return entry;
}

/** A face with a margin of a quarter around it, as RGB bytes of width × height. */
export async function face(index: number, width: number, height: number): Promise<Uint8Array> {
  const [photo, left, top, side] = FACES[index % FACES.length]!;
  const margin = Math.round(side / 4);
  return sharp(join(photos, `sample${photo}.jpg`))
    .extract({ left: left - margin, top: top - margin, width: side + 2 * margin, height: side + 2 * margin })
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** A whole photo, as RGB bytes of width × height. */
export async function photo(number: number, width: number, height: number): Promise<Uint8Array> {
  return sharp(join(photos, `sample${number}.jpg`))
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** Our converted model on pixels. */
export async function runOurs(id: string, pixels: Uint8Array, dims: readonly number[]): Promise<Run> {
  const { path } = await modelFile(id);
  return run(await onnx.InferenceSession.create(path), { pixels: new onnx.Tensor('uint8', pixels, dims) });
}

/** Any ONNX bytes on a float tensor. */
export async function runOriginal(
  bytes: Uint8Array,
  input: Float32Array,
  dims: readonly number[],
): Promise<Run> {
  const session = await onnx.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  return run(session, { [session.inputNames[0]!]: new onnx.Tensor('float32', input, dims) });
}

async function run(session: InferenceSession, feeds: Record<string, Tensor>): Promise<Run> {
  try {
    const results = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, t]) => [name, { data: t.data as Float32Array, dims: t.dims }]),
    );
  } finally {
    await session.release();
  }
}

/** The files a model is built from, as its package has them. */
export async function originals(entry: ModelEntry): Promise<Uint8Array[]> {
  if (entry.origin.from !== 'npm') throw new Error(`${entry.id} does not come from npm`);
  const installed = await installedFiles(entry.origin);
  if (installed) return installed;
  const fetcher = new PackageFetcher(() => undefined);
  try {
    return await fetcher.files(entry.origin);
  } finally {
    await fetcher.close();
  }
}

/** What the original network is fed: the manifest's colour order, mean and scale, NHWC as the pixels are. */
export function prepared(entry: ModelEntry, pixels: Uint8Array): Float32Array {
  const { order, mean, scale } = entry.convert.pixels;
  const channels = mean.length;
  return Float32Array.from({ length: (pixels.length / 3) * channels }, (_, i) => {
    const at = Math.floor(i / channels) * 3;
    const c = i % channels;
    const [r, g, b] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    const value =
      order === 'gray' ? 0.299 * r + 0.587 * g + 0.114 * b : [r, g, b][order === 'rgb' ? c : 2 - c]!;
    return (value - mean[c]!) * scale[c]!;
  });
}

/** One picture, NHWC to NCHW. */
export function toPlanes(values: Float32Array, channels: number): Float32Array {
  const area = values.length / channels;
  return Float32Array.from(
    { length: values.length },
    (_, i) => values[(i % area) * channels + Math.floor(i / area)]!,
  );
}

/** The largest difference, in units of the reference's largest value (of 1, where that is smaller). */
export function largestDifference(ours: ArrayLike<number>, reference: ArrayLike<number>): number {
  if (ours.length !== reference.length || ours.length === 0)
    throw new Error(`${ours.length} ≠ ${reference.length} values`);
  let difference = 0;
  let size = 1;
  for (let i = 0; i < ours.length; i++) {
    difference = Math.max(difference, Math.abs(ours[i]! - reference[i]!));
    size = Math.max(size, Math.abs(reference[i]!));
  }
  return difference / size;
}
