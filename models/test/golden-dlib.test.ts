import type * as Tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { ensureModels } from '../src/build/build-models.ts';
import { entryOf, face, largestDifference, originals, runOurs } from './support.ts';

const SIDE = 150;

/** The part of face-api used here; its own types leave out most of the tfjs it bundles. */
interface FaceApi {
  readonly tf: typeof Tf;
  readonly FaceRecognitionNet: new () => {
    loadFromWeightMap(weights: Tf.NamedTensorMap): void;
    forward(input: Tf.Tensor4D): Promise<Tf.Tensor>;
  };
}

/** face-api's browser build brings tfjs along; it takes this process for a browser when there is a window. */
async function faceApi(): Promise<FaceApi> {
  Object.assign(globalThis, { window: globalThis, document: {} });
  const bundle: unknown = await import('@vladmandic/face-api/dist/face-api.esm.js');
  return bundle as FaceApi;
}

beforeAll(() => ensureModels({ ids: ['dlib-resnet'] }));

it("dlib-resnet answers as face-api's own FaceRecognitionNet does", async () => {
  const { FaceRecognitionNet, tf } = await faceApi();
  await tf.setBackend('cpu');
  const [json, weights] = await originals(entryOf('dlib-resnet'));
  const specs = JSON.parse(new TextDecoder().decode(json)).flatMap(
    (group: { weights: unknown[] }) => group.weights,
  );
  const net = new FaceRecognitionNet();
  net.loadFromWeightMap(tf.io.decodeWeights(Uint8Array.from(weights!).buffer, specs));

  const pixels = await face(0, SIDE, SIDE);
  const reference = await net.forward(tf.tensor4d(Float32Array.from(pixels), [1, SIDE, SIDE, 3]));
  const ours = await runOurs('dlib-resnet', pixels, [1, SIDE, SIDE, 3]);
  expect(ours.embedding!.dims).toEqual([1, 128]);
  expect(largestDifference(ours.embedding!.data, await reference.data())).toBeLessThan(1e-4);
});
