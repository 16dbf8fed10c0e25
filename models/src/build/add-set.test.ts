import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listModels, loadManifest } from '../runtime/index.ts';
import { addSet, publishedModels } from './add-set.ts';

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

describeWithFiles('the recommended set', () => {
  it('is brought whole, whatever its files are called, and serves from then on', async () => {
    for (const [at, file] of originals.entries())
      await copyFile(join(upstream, file), join(source, `any-${at}.onnx`));
    const added = await addSet('recommended', { dir, from: source });
    expect(added.map(({ id }) => id)).toEqual(['minifasnet-v2', 'minifasnet-v1se', 'minifasnet-v2se']);
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
