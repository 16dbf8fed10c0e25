import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadManifest, modelsDir } from '@openfrs/models';
import { addSet } from '@openfrs/models/build';
import { photo } from '@openfrs/testing/photos';
import { describeWithModels, itWithData, sharedData, sharedModel } from '@openfrs/testing/shared-data';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLiveness, type LocalLiveness } from '../create-liveness.ts';

let liveness: LocalLiveness | undefined;
afterEach(async () => {
  await liveness?.close();
  liveness = undefined;
});

/** Confidences of the packaged photos that show one large face. */
async function judged(modelsDir?: string) {
  liveness = await createLiveness(modelsDir === undefined ? {} : { modelsDir });
  const of = liveness;
  return {
    live: await Promise.all(
      ([1, 2, 3, 4, 5, 6] as const).map(async (number) => (await of.judgePhoto(photo(number))).confidence),
    ),
    printed: async () =>
      (await of.judgePhoto(await readFile(sharedData('spoof/minivision_F1.jpg') ?? ''))).confidence,
  };
}

describe('photos judged by the default model', () => {
  it('of people pass', async () => {
    const { live } = await judged();
    for (const confidence of live) expect(confidence).toBeGreaterThan(0.5);
  });

  itWithData('of a print do not', async () => {
    expect(await (await judged()).printed()).toBeLessThan(0.2);
  });
});

describeWithModels('photos judged by the recommended models together', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'openfrs-fused-'));
    for (const file of await readdir(modelsDir())) {
      if (/\.onnx$/.test(file) && !file.startsWith('minifasnet')) {
        await symlink(join(modelsDir(), file), join(dir, file));
      }
    }
    await addSet('recommended', { dir, from: dirname(sharedModel('minifasnet_v2_27.onnx') ?? '') });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('of people pass, as with each model by its own threshold', async () => {
    expect(loadManifest().sets.recommended?.['anti-spoof']).toHaveLength(4);
    const { live } = await judged(dir);
    for (const confidence of live) expect(confidence).toBeGreaterThan(0.5);
  });

  itWithData('of a print do not', async () => {
    expect(await (await judged(dir)).printed()).toBeLessThan(0.5);
  });
});
