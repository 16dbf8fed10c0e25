import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureModels } from '../src/build/build-models.ts';
import { loadManifest } from '../src/runtime/index.ts';
import { entryOf, face, largestDifference, originals, photo, prepared, runOurs } from './support.ts';

const converted = loadManifest()
  .models.filter((m) => m.convert.format === 'tfjs')
  .map((m) => m.id);

async function tfjsModel(id: string): Promise<tf.GraphModel> {
  const [json, weights] = await originals(entryOf(id));
  const { modelTopology, weightsManifest, signature } = JSON.parse(new TextDecoder().decode(json));
  return tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
      weightData: Uint8Array.from(weights!).buffer,
      signature,
    }),
  );
}

/** Models that find things get a photo in the size they were made for, all others a face in theirs. */
async function input(id: string): Promise<{ pixels: Uint8Array; height: number; width: number }> {
  const [, h, w] = entryOf(id).input.shape;
  if (typeof h === 'number' && typeof w === 'number')
    return { pixels: await face(0, w, h), height: h, width: w };
  const side = entryOf(id).role === 'objects' ? 512 : 256;
  return { pixels: await photo(1, side, side), height: side, width: side };
}

describe('a model converted from TFJS answers as tfjs does', () => {
  beforeAll(async () => {
    setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    await ensureModels({ ids: converted });
  });

  it.each(converted)('%s', async (id) => {
    const entry = entryOf(id);
    // The plain backend is the reference, but takes long for what has many layers or looks at 512 pixels.
    await tf.setBackend(entry.role === 'objects' || entry.role === 'age-gender' ? 'wasm' : 'cpu');
    const { pixels, height, width } = await input(id);
    const ours = await runOurs(id, pixels, [1, height, width, 3]);

    const model = await tfjsModel(id);
    const values = prepared(entry, pixels);
    const x = tf.tensor(values, [1, height, width, entry.convert.pixels.mean.length]);
    for (const { name, source } of entry.outputs) {
      const whole = model.execute(x, source) as tf.Tensor;
      const reference = entry.convert.strongest ? whole.max([1, 2]) : whole;
      expect(ours[name]!.dims, name).toEqual(reference.shape);
      expect(largestDifference(ours[name]!.data, await reference.data()), name).toBeLessThan(1e-4);
    }
  });
});
