import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureModels } from '../src/ensure.ts';
import { loadManifest } from '../src/index.ts';
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

/** The detector gets a photo in the size it was made for, all others a face in theirs. */
async function input(id: string): Promise<{ pixels: Uint8Array; height: number; width: number }> {
  const [, h, w] = entryOf(id).input.shape;
  if (typeof h === 'number' && typeof w === 'number')
    return { pixels: await face(0, w, h), height: h, width: w };
  return { pixels: await photo(1, 256, 256), height: 256, width: 256 };
}

describe('a model converted from TFJS answers as tfjs does on its CPU backend', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    await ensureModels({ ids: converted });
  });

  it.each(converted)('%s', async (id) => {
    const entry = entryOf(id);
    const { pixels, height, width } = await input(id);
    const ours = await runOurs(id, pixels, [1, height, width, 3]);

    const model = await tfjsModel(id);
    const values = prepared(entry, pixels);
    const x = tf.tensor(values, [1, height, width, entry.convert.pixels.mean.length]);
    for (const { name, source } of entry.outputs) {
      const reference = model.execute(x, source) as tf.Tensor;
      expect(ours[name]!.dims, name).toEqual(reference.shape);
      expect(largestDifference(ours[name]!.data, await reference.data()), name).toBeLessThan(1e-4);
    }
  });
});
