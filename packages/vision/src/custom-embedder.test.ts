import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLiveness } from '@openfrs/liveness';
import { calibrateModel, modelsDir, useModels } from '@openfrs/models';
import { addModel } from '@openfrs/models/build';
import { ensureModels } from '@openfrs/models/ensure';
import { ownCalibration, ownEntry, ownNetwork } from '@openfrs/models/testing';
import { photo } from '@openfrs/testing/photos';
import { describeWithModels, sharedModel } from '@openfrs/testing/shared-data';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createVision, type LocalVision } from './create-vision.ts';

let usual: LocalVision;
let other: LocalVision | undefined;
/** A models folder of one's own, with the default models in it. */
let dir: string;

beforeAll(async () => {
  await ensureModels();
  await ensureModels({ ids: ['dlib-resnet'] });
  usual = await createVision();
});
afterAll(() => usual?.close());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-exchange-'));
  for (const file of await readdir(modelsDir())) {
    if (file.endsWith('.onnx')) await symlink(join(modelsDir(), file), join(dir, file));
  }
});
afterEach(async () => {
  await other?.close();
  other = undefined;
  await rm(dir, { recursive: true, force: true });
});

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

describe('an embedder in the place of the default one', () => {
  it("of dlib: told by its name, as good at telling the photos' people apart", async () => {
    await useModels('free', { dir });
    other = await createVision({ modelsDir: dir });
    expect(other.model).toMatchObject({ id: 'dlib-resnet', dimension: 128 });
    const enrolled = await other.describe(photo(1), { faces: 'largest' });
    const probes = await other.describe(photo(3), { faces: 'all' });
    // The largest faces of both are the same woman's.
    const [same = 0, ...strangers] = probes.map(({ vector }) =>
      cosine(enrolled[0]?.vector as Float32Array, vector),
    );
    expect(strangers.length).toBeGreaterThan(1);
    for (const stranger of strangers) expect(same).toBeGreaterThan(stranger);
  });

  it.each([64, 1024])("of one's own, with %i numbers", async (dimension) => {
    const bytes = ownNetwork(dimension);
    await writeFile(join(dir, 'own'), bytes);
    await addModel(join(dir, 'own'), { dir, entry: ownEntry(bytes, dimension) });
    await calibrateModel('own-net', ownCalibration, { dir });
    await useModels('own-net', { dir });
    other = await createVision({ modelsDir: dir });
    expect(other.model).toMatchObject({ id: 'own-net', dimension });
    expect(other.model.similarity(0.5)).toBeCloseTo(0.93, 9);
    const [face] = await other.describe(photo(1), { faces: 'largest' });
    expect(face?.vector).toHaveLength(dimension);
    expect(cosine(face?.vector as Float32Array, face?.vector as Float32Array)).toBeCloseTo(1, 5);
  });

  it.each([63, 1025])('may not have %i numbers', async (dimension) => {
    const bytes = ownNetwork(dimension);
    await writeFile(join(dir, 'own'), bytes);
    await expect(addModel(join(dir, 'own'), { dir, entry: ownEntry(bytes, dimension) })).rejects.toThrow(
      'embedder.dimension',
    );
  });
});

describeWithModels('public models that users bring', () => {
  const bring = (file: string) => addModel(sharedModel(file) ?? file, { dir });

  it.each(['yunet_s_640.onnx', 'yunet_n_dynamic.onnx'])('%s finds the faces of the photos', async (file) => {
    expect(await bring(file)).toMatchObject({ active: true });
    other = await createVision({ modelsDir: dir });
    for (const number of [1, 3, 5] as const) {
      const [expected, found] = [await usual.detect(photo(number)), await other.detect(photo(number))];
      expect(found).toHaveLength(expected.length);
      for (const { box } of expected) {
        const middle = (side: number, from: number) => from + side / 2;
        const near = found.some(
          ({ box: one }) =>
            Math.abs(middle(one.width, one.topLeftX) - middle(box.width, box.topLeftX)) < box.width / 4 &&
            Math.abs(middle(one.height, one.topLeftY) - middle(box.height, box.topLeftY)) < box.height / 4,
        );
        expect(near).toBe(true);
      }
    }
  });

  it('MiniFASNet judges a photo', async () => {
    await bring('minifasnet_v2_27.onnx');
    await bring('minifasnet_v1se_40.onnx');
    other = await createVision({ modelsDir: dir });
    expect(other.pipeline.registry.all('anti-spoof').map(({ id }) => id)).toEqual([
      'minifasnet-v2',
      'minifasnet-v1se',
    ]);
    const liveness = await createLiveness({ pipeline: other.pipeline });
    const { confidence } = await liveness.judgePhoto(photo(1));
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(confidence).toBeLessThanOrEqual(1);
  });
});
