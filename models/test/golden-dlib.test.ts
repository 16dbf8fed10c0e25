import { beforeAll, expect, it } from 'vitest';
import { ensureModels } from '../src/ensure.ts';
import { entryOf, face, largestDifference, originals, runOurs } from './support.ts';

const SIDE = 150;

/** face-api's browser build brings tfjs along; it takes this process for a browser when there is a window. */
async function faceApi() {
  Object.assign(globalThis, { window: globalThis, document: {} });
  return import('@vladmandic/face-api/dist/face-api.esm.js');
}

beforeAll(() => ensureModels({ ids: ['dlib-resnet'] }));

it("dlib-resnet answers as face-api's own FaceRecognitionNet does", async () => {
  const { FaceRecognitionNet, tf: bundled } = await faceApi();
  const tf = bundled as unknown as typeof import('@tensorflow/tfjs');
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
