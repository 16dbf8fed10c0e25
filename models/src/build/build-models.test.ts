import { execFile } from 'node:child_process';
import { appendFile, copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { originals } from '../../test/support.ts';
import { sha256 } from '../runtime/cache.ts';
import { loadManifest, modelFile, modelsDir, openModels, verifyModels } from '../runtime/index.ts';
import { ensureModels } from './build-models.ts';
import { buildModel } from './convert/build-model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-ensure-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const fromNpm = loadManifest().models.filter((m) => m.origin.from === 'npm');

describe('the build', () => {
  it.each(fromNpm.map((m) => [m.id, m] as const))(
    'of %s gives the bytes that are pinned',
    async (_, entry) => {
      expect(sha256(buildModel(entry, await originals(entry)))).toBe(entry.sha256);
    },
  );
});

describe('ensureModels', () => {
  it('builds what is missing, and does nothing the second time', async () => {
    const said: string[] = [];
    const options = {
      dir,
      ids: ['blazeface', 'emotion'],
      onProgress: (message: string) => said.push(message),
    };
    const files = await ensureModels(options);
    expect([...files.keys()]).toEqual(['blazeface', 'emotion']);
    for (const [id, path] of files)
      expect(sha256(await readFile(path))).toBe(fromNpm.find((m) => m.id === id)!.sha256);
    expect(said).toContain('building blazeface');

    said.length = 0;
    await ensureModels(options);
    expect(said).toEqual([]);
    expect((await readdir(dir)).sort()).toEqual(['blazeface.onnx', 'emotion.onnx']);
  });

  it('builds a damaged or stale file again and says so', async () => {
    const path = join(dir, 'blazeface.onnx');
    await copyFile(join(modelsDir(), 'emotion.onnx'), path);
    await expect(modelFile('blazeface', { dir })).rejects.toThrow(
      `The model file ${path} is damaged: \`npm run models\` builds it.`,
    );
    const said: string[] = [];
    await ensureModels({ dir, ids: ['blazeface'], onProgress: (message) => said.push(message) });
    expect(said).toContain('blazeface is damaged or out of date, building it again');
    expect((await modelFile('blazeface', { dir })).path).toBe(path);
  });

  it('leaves whole files when several processes start at once', async () => {
    const program = `
      import { ensureModels } from ${JSON.stringify(new URL('./build-models.ts', import.meta.url).href)};
      await ensureModels({ dir: ${JSON.stringify(dir)}, ids: ['blazeface', 'fr-detect'] });`;
    const start = () =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
      });
    await Promise.all([start(), start(), start()]);
    expect((await readdir(dir)).sort()).toEqual(['blazeface.onnx', 'fr-detect.onnx']);
    await expect(modelFile('blazeface', { dir })).resolves.toBeDefined();
    await expect(modelFile('fr-detect', { dir })).resolves.toBeDefined();
  });

  it('names what only the operator can bring', async () => {
    await expect(ensureModels({ dir, ids: ['yunet-n'] })).rejects.toThrow(
      /yunet-n\.onnx is missing; bring it again with `openfrs models add`: onnx\/yunet_n_dynamic\.onnx of/,
    );
  });

  it('refuses a model that is not known', async () => {
    await expect(ensureModels({ dir, ids: ['resnet'] })).rejects.toThrow('There is no model resnet');
  });

  it('says in one sentence that the folder can not be written', async () => {
    const file = join(dir, 'a-file');
    await writeFile(file, '');
    await expect(ensureModels({ dir: join(file, 'models'), ids: ['blazeface'] })).rejects.toThrow(
      /The models folder .* can't be (read|written)/,
    );
  });
});

describe('openModels', () => {
  it('gives the models in use by role', async () => {
    const models = await openModels();
    expect(models.get('embedder')!.map((m) => m.entry.id)).toEqual(['fr-feature-192']);
    expect(models.get('detector')![0]!.path).toMatch(/\.onnx$/);
    expect(await verifyModels()).toEqual([]);
  });

  it('verifies a file when it is opened, not before', async () => {
    await cp(modelsDir(), dir, { recursive: true });
    await appendFile(join(dir, 'emotion.onnx'), 'more');
    const models = await openModels({ dir });
    await expect(models.get('detector')![0]!.verify()).resolves.toBeUndefined();
    await expect(models.get('expression')![0]!.verify()).rejects.toThrow(
      'emotion.onnx is damaged: `npm run models` builds it.',
    );
  });

  it('fails in one sentence in an empty folder', async () => {
    await expect(openModels({ dir })).rejects.toThrow('is missing: `npm run models` builds it.');
    expect((await verifyModels({ dir })).length).toBeGreaterThan(5);
  });
});
