import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onnx } from '@openfrs/vision/onnxruntime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { largestDifference } from '../../test/support.ts';
import { sha256 } from '../runtime/cache.ts';
import {
  calibrateModel,
  listModels,
  loadManifest,
  mayCalibrate,
  modelFile,
  openModels,
  useModels,
} from '../runtime/index.ts';
import { embedderFile, ownCalibration, ownEntry, ownNetwork } from '../testing/own-embedder.ts';
import { addModel } from './add.ts';
import { ensureModels } from './build-models.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-add-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function bring(bytes: Uint8Array, name = 'own.onnx'): Promise<string> {
  const path = join(dir, `source-${name}`);
  await writeFile(path, bytes);
  return path;
}

describe("a model of one's own", () => {
  it('is added with an entry, takes pixels as all models do, and serves once it is chosen', async () => {
    const bytes = ownNetwork();
    const added = await addModel(await bring(bytes), { dir, entry: ownEntry(bytes) });
    expect(added).toMatchObject({
      active: false,
      entry: { id: 'own-net', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });

    await expect(useModels('own-net', { dir })).rejects.toThrow('own-net has no calibration yet');
    await mayCalibrate('own-net', { dir });
    await calibrateModel('own-net', ownCalibration, { dir });
    await useModels('own-net', { dir });
    const { path } = await modelFile('own-net', { dir });
    const session = await onnx.InferenceSession.create(path);
    const pixels = Uint8Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => [10, 20, 30][i % 3]!);
    const { embedding } = await session.run({ pixels: new onnx.Tensor('uint8', pixels, [2, 8, 8, 3]) });
    await session.release();
    expect(embedding!.dims).toEqual([2, 64]);
    expect([...(embedding!.data as Float32Array)].slice(0, 3)).toEqual([30, 20, 10]);

    const active = (await listModels({ dir })).filter((m) => m.active && m.entry.role === 'embedder');
    expect(active.map(({ entry }) => entry)).toMatchObject([{ id: 'own-net', embedder: ownCalibration }]);
    await useModels('npm', { dir });
    const back = (await listModels({ dir })).filter((m) => m.active && m.entry.role === 'embedder');
    expect(back.map((m) => m.entry.id)).toEqual(['fr-feature-192']);
  });

  it.each([
    ['as InsightFace publishes them', [], { mean: 127.5, scale: 1 / 127.5 }],
    ['that takes pixels as they are, as SFace does', ['Sub', 'Mul'], { mean: 0, scale: 1 }],
  ] as const)(
    'needs no entry if it is an embedder %s, but its licence accepted',
    async (_, first, pixels) => {
      const bytes = embedderFile(first);
      const path = await bring(bytes, 'face_recognition_Own 2026.onnx');
      await expect(addModel(path, { dir })).rejects.toThrow('accept it with --licence SPDX');
      const { entry, active } = await addModel(path, { dir, licence: 'Apache-2.0' });
      expect(active).toBe(false);
      expect(entry).toMatchObject({
        id: 'source-face-recognition-own-2026',
        licence: { spdx: 'Apache-2.0' },
        convert: { pixels: { order: 'rgb', mean: [pixels.mean, pixels.mean, pixels.mean] } },
        embedder: { dimension: 128 },
      });
      await calibrateModel(entry.id, ownCalibration, { dir });
      await useModels(entry.id, { dir });
      const session = await onnx.InferenceSession.create((await modelFile(entry.id, { dir })).path);
      const image = Uint8Array.from({ length: 112 * 112 * 3 }, (_, i) => [10, 20, 30][i % 3]!);
      const { embedding } = await session.run({ pixels: new onnx.Tensor('uint8', image, [1, 112, 112, 3]) });
      await session.release();
      const means = [...(embedding!.data as Float32Array)].slice(0, 3);
      for (const [channel, value] of [10, 20, 30].entries()) {
        expect(means[channel]).toBeCloseTo((value - pixels.mean) * pixels.scale, 3);
      }
      await useModels('npm', { dir });
    },
  );

  it('is refused without an entry where its graph does not tell what it is', async () => {
    const path = await bring(ownNetwork());
    await expect(addModel(path, { dir, licence: 'MIT' })).rejects.toThrow('neither an embedder');
  });

  it('is refused with a clear reason and leaves nothing behind', async () => {
    const bytes = ownNetwork();
    const path = await bring(bytes);
    await expect(addModel(path, { dir })).rejects.toThrow(`is no model we know (sha256 ${sha256(bytes)})`);
    await expect(addModel(path, { dir, sha256: '0'.repeat(64) })).rejects.toThrow(
      'is not the file that was pinned',
    );
    const entry = ownEntry(bytes);
    await expect(addModel(path, { dir, entry: { ...entry, role: 'oracle' } })).rejects.toThrow(
      'entry is not right: role',
    );
    await expect(
      addModel(path, { dir, entry: { ...entry, id: 'facemesh', file: 'facemesh.onnx' } }),
    ).rejects.toThrow('taken by a model of the manifest');
    await expect(addModel(path, { dir, entry: { ...entry, file: '../../x.onnx' } })).rejects.toThrow(
      'entry is not right: file',
    );
    await expect(addModel(path, { dir, entry: { ...entry, file: 'facemesh.onnx' } })).rejects.toThrow(
      'file must be own-net.onnx',
    );
    const lost = [{ ...entry.outputs[0], source: 'nowhere' }];
    await expect(addModel(path, { dir, entry: { ...entry, outputs: lost } })).rejects.toThrow(
      'no value nowhere',
    );
    const other = { ...entry, origin: { ...entry.origin, sha256: '0'.repeat(64) } };
    await expect(addModel(path, { dir, entry: other })).rejects.toThrow('origin.sha256');
    expect((await readdir(dir)).filter((name) => !name.startsWith('source-'))).toEqual([]);
  });

  it('is the only one whose calibration is written', async () => {
    const bytes = ownNetwork();
    await addModel(await bring(bytes), { dir, entry: ownEntry(bytes) });
    for (const write of [mayCalibrate, (id: string) => calibrateModel(id, ownCalibration, { dir })]) {
      await expect(write('fr-feature-192', { dir })).rejects.toThrow("is the manifest's");
      await expect(write('other-net', { dir })).rejects.toThrow('no model other-net');
    }
  });

  it('comes from a file or an https address, nothing else', async () => {
    await expect(addModel('http://127.0.0.1/model.onnx', { dir })).rejects.toThrow(
      'Only files and https addresses',
    );
    await expect(addModel('file:///etc/passwd', { dir })).rejects.toThrow('Only files and https addresses');
    await expect(addModel(join(dir, 'absent.onnx'), { dir })).rejects.toThrow('absent.onnx');
  });
});

describe('the choice of models', () => {
  it('refuses names and models that are not there', async () => {
    await expect(useModels('best', { dir })).rejects.toThrow('There is no model or set best');
    await expect(useModels('better', { dir })).rejects.toThrow('is missing: `openfrs models add` brings it.');
    expect(await readdir(dir)).toEqual([]);
  });

  it('is reported when it is damaged', async () => {
    await writeFile(join(dir, 'models.json'), '{"use":');
    await expect(openModels({ dir })).rejects.toThrow('models.json is damaged');
  });

  it('passes over models that no code ran and that have left the manifest', async () => {
    const use = { pose: ['fr-pose'], expression: ['fr-expression', 'emotion'], eye: ['fr-eye'] };
    await writeFile(join(dir, 'models.json'), JSON.stringify({ use }));
    const active = (await listModels({ dir })).filter((m) => m.active).map((m) => m.entry.id);
    expect(active).toEqual(Object.values(loadManifest().sets.npm!).flat());
    await expect(useModels('fr-pose', { dir })).rejects.toThrow('There is no model or set fr-pose');
  });

  it("says where it is wrong: an own model's role that no code runs", async () => {
    const added = [{ ...ownEntry(ownNetwork()), sha256: '0'.repeat(64), role: 'pose' }];
    await writeFile(join(dir, 'models.json'), JSON.stringify({ added }));
    await expect(openModels({ dir })).rejects.toThrow(
      /models\.json is damaged \(added\.0\.role: .*"detector"/,
    );
  });

  it('takes a model of the manifest for its role, built when it is needed', async () => {
    await useModels('free', { dir });
    const files = await ensureModels({ dir });
    expect(files.has('dlib-resnet')).toBe(true);
    expect(files.has('fr-feature-192')).toBe(false);
    expect((await openModels({ dir })).get('embedder')!.map((m) => m.entry.id)).toEqual(['dlib-resnet']);
  });
});

const upstream = fileURLToPath(new URL('../../../../shared/models', import.meta.url));

if (!existsSync(upstream))
  console.log('models: ../shared/models is not here, its public files are not tried');
describe.runIf(existsSync(upstream))('a public file that the manifest pins', () => {
  const add = (file: string) => addModel(join(upstream, file), { dir });
  const inUse = async (role: string) =>
    (await listModels({ dir })).filter((m) => m.active && m.entry.role === role).map((m) => m.entry.id);

  it('is known by its bytes and used at once; models of a set serve together', async () => {
    expect(await add('minifasnet_v2_27.onnx')).toMatchObject({
      active: true,
      entry: { id: 'minifasnet-v2' },
    });
    expect(await inUse('anti-spoof')).toEqual(['minifasnet-v2']);
    await add('minifasnet_v1se_40.onnx');
    expect(await inUse('anti-spoof')).toEqual(['minifasnet-v2', 'minifasnet-v1se']);
    await add('yunet_n_dynamic.onnx');
    expect(await inUse('detector')).toEqual(['yunet-n']);
    expect(await inUse('embedder')).toEqual(['fr-feature-192']);
  });

  it('answers as the original does, at any size of picture', async () => {
    await add('yunet_s_640.onnx');
    const { path } = await modelFile('yunet-s', { dir });
    const pixels = Uint8Array.from({ length: 640 * 640 * 3 }, (_, i) => (i * 7919 + (i >> 9)) % 256);
    const planes = Float32Array.from({ length: pixels.length }, (_, i) => {
      const area = 640 * 640;
      return pixels[(i % area) * 3 + 2 - Math.floor(i / area)]!;
    });
    const ours = await onnx.InferenceSession.create(path);
    const theirs = await onnx.InferenceSession.create(await readFile(join(upstream, 'yunet_s_640.onnx')));
    const a = await ours.run({ pixels: new onnx.Tensor('uint8', pixels, [1, 640, 640, 3]) });
    const b = await theirs.run({ input: new onnx.Tensor('float32', planes, [1, 3, 640, 640]) });
    for (const name of theirs.outputNames) {
      const difference = largestDifference(a[name]!.data as Float32Array, b[name]!.data as Float32Array);
      expect(difference, name).toBeLessThan(1e-4);
    }
    const other = await ours.run({
      pixels: new onnx.Tensor('uint8', new Uint8Array(2 * 96 * 160 * 3), [2, 96, 160, 3]),
    });
    expect(other.cls_8!.dims).toEqual([2, 240, 1]);
    await ours.release();
    await theirs.release();
  });
});
