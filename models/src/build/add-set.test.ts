import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../runtime/cache.ts';
import { calibrateModel, listModels, loadManifest, useModels } from '../runtime/index.ts';
import { embedderFile, ownCalibration, ownEntry, ownNetwork } from '../testing/own-embedder.ts';
import { addModel } from './add.ts';
import { addSet, publishedEmbedders, publishedModels } from './add-set.ts';

const upstream = fileURLToPath(new URL('../../../../shared/models', import.meta.url));
const describeWithFiles = describe.runIf(existsSync(upstream));
if (!existsSync(upstream)) console.log('models: ../shared/models is not here, sets are not brought');

let root: string;
let dir: string;
let source: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'openfrs-set-'));
  [dir, source] = [join(root, 'models'), join(root, 'source')];
  await mkdir(source);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const originals = ['minifasnet_v2_27.onnx', 'minifasnet_v1se_40.onnx', 'minifasnet_v2se_celeb_9780.onnx'];
const inUse = async () =>
  (await listModels({ dir })).flatMap(({ active, entry, state }) =>
    active && entry.role === 'anti-spoof' ? [`${entry.id} ${state}`] : [],
  );

describe('a set of models', () => {
  it('names what does not come from npm', () => {
    expect(publishedModels('recommended').map(({ id }) => id)).toEqual(
      loadManifest().sets.recommended?.['anti-spoof']?.filter((id) => id !== 'fr-liveness'),
    );
    expect(publishedModels('npm')).toEqual([]);
    expect(() => publishedModels('best')).toThrow('There is no set best; sets are npm');
  });

  it('comes from a folder or an https address', async () => {
    await expect(addSet('recommended', { dir, from: join(root, 'absent') })).rejects.toThrow('is no folder');
    await expect(addSet('recommended', { dir, from: 'http://127.0.0.1/models' })).rejects.toThrow(
      'is no folder and no https address',
    );
    await expect(addSet('recommended', { dir, from: source })).rejects.toThrow('has no file with the sha256');
  });
});

describe('an embedder that the manifest knows by its bytes', () => {
  const bytes = embedderFile(['Sub', 'Mul']);
  const licence = { spdx: 'Apache-2.0', training: 'Nothing.' };
  const origin = { from: 'file', project: 'ours', file: 'known.onnx', sha256: sha256(bytes) } as const;
  const published = [{ id: 'known-net', sets: ['npm'], origin, licence }];
  const bring = () => addSet('npm', { dir, from: source, published });
  const embedders = async () =>
    (await listModels({ dir })).flatMap(({ active, entry }) =>
      active && entry.role === 'embedder' ? [entry.id] : [],
    );

  it('comes with its set, under any name, and serves once it is calibrated and chosen', async () => {
    await writeFile(join(source, 'any.onnx'), bytes);
    const { models, embedders: brought, absent } = await bring();
    expect([models, absent]).toEqual([[], []]);
    expect(brought).toMatchObject([
      { id: 'known-net', licence, origin, convert: { pixels: { mean: [0, 0, 0] } } },
    ]);
    expect(await embedders()).toEqual(['fr-feature-192']);
    await expect(useModels('known-net', { dir })).rejects.toThrow('known-net has no calibration yet');
    await calibrateModel('known-net', ownCalibration, { dir });
    await useModels('known-net', { dir });
    expect(await embedders()).toEqual(['known-net']);
  });

  it('keeps its calibration where the same file is brought again', async () => {
    await writeFile(join(source, 'any.onnx'), bytes);
    await bring();
    await calibrateModel('known-net', ownCalibration, { dir });
    expect((await bring()).embedders).toMatchObject([{ embedder: ownCalibration }]);
    const own = join(source, 'own.onnx');
    await writeFile(own, ownNetwork());
    await addModel(own, { dir, entry: ownEntry(ownNetwork()) });
    await calibrateModel('own-net', ownCalibration, { dir });
    const { entry } = await addModel(own, { dir, entry: ownEntry(ownNetwork()) });
    expect(entry.embedder).toMatchObject(ownCalibration);
    await writeFile(own, ownNetwork(65));
    const other = await addModel(own, { dir, entry: ownEntry(ownNetwork(65), 65) });
    expect(other.entry.embedder).toEqual({ dimension: 65 });
  });

  it('may be missing from the set, and takes nobody else’s name', async () => {
    expect((await bring()).absent).toMatchObject([
      { id: 'known-net', reason: expect.stringContaining('no file') },
    ]);
    await writeFile(join(source, 'any.onnx'), bytes);
    const own = { ...ownEntry(ownNetwork()), id: 'known-net', file: 'known-net.onnx' };
    const file = join(root, 'own.onnx');
    await writeFile(file, ownNetwork());
    await addModel(file, { dir, entry: own });
    expect((await bring()).absent).toMatchObject([
      { id: 'known-net', reason: 'another model that you added is called known-net.' },
    ]);
  });

  it('is added alone under the licence that it has, no other', async () => {
    const file = join(source, 'any.onnx');
    await writeFile(file, bytes);
    for (const licence of [undefined, 'MIT']) {
      await expect(addModel(file, { dir, published, ...(licence && { licence }) })).rejects.toThrow(
        'is known-net of ours, licence Apache-2.0. Trained on: Nothing. Accept it with --licence Apache-2.0.',
      );
    }
    const { entry } = await addModel(file, { dir, published, licence: 'Apache-2.0' });
    expect(entry).toMatchObject({ id: 'known-net', licence, origin });
  });

  it('is SFace in the recommended set', () => {
    expect(publishedEmbedders('recommended')).toMatchObject([
      { id: 'sface', licence: { spdx: 'Apache-2.0' } },
    ]);
    expect(publishedEmbedders('npm')).toEqual([]);
  });
});

describeWithFiles('the recommended set', () => {
  it('is brought whole, whatever its files are called, and serves from then on', async () => {
    for (const [at, file] of originals.entries())
      await copyFile(join(upstream, file), join(source, `any-${at}.onnx`));
    const added = await addSet('recommended', { dir, from: source });
    expect(added.models.map(({ id }) => id)).toEqual(['minifasnet-v2', 'minifasnet-v1se', 'minifasnet-v2se']);
    expect(added).toMatchObject({ embedders: [], absent: [{ id: 'sface' }] });
    expect(added.absent[0]?.reason).toContain('face_recognition_sface_2021dec.onnx');
    expect(await inUse()).toEqual([
      'fr-liveness missing',
      'minifasnet-v2 ok',
      'minifasnet-v1se ok',
      'minifasnet-v2se ok',
    ]);
  });

  it('is not brought at all where one file is missing or another', async () => {
    const [first, second, third] = originals as [string, string, string];
    for (const file of [first, second]) await copyFile(join(upstream, file), join(source, file));
    await expect(addSet('recommended', { dir, from: source })).rejects.toThrow('minifasnet-v2se');
    const bytes = await readFile(join(upstream, third));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(join(source, third), bytes);
    await expect(addSet('recommended', { dir, from: source })).rejects.toThrow('minifasnet-v2se');
    expect(existsSync(dir) ? await readdir(dir) : []).toEqual([]);
    expect(await inUse()).toEqual(['fr-liveness missing']);
  });
});
