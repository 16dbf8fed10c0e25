import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadManifest, type ModelEntry } from './manifest.ts';
import { readSelection } from './selection.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-selection-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true });
});

const added = (...entries: unknown[]) =>
  writeFile(join(dir, 'models.json'), JSON.stringify({ added: entries }));

/** As known then: no crop had a wider one beside it. */
const withoutWider = (crop: ModelEntry['crop']): ModelEntry['crop'] => {
  if (crop.kind !== 'rect') return crop;
  const { wider: _, ...rest } = crop;
  return rest;
};

/** What models.json of commit 549301a held of a model: its crop in words, no architecture. */
function earlier({ architecture, crop, cropNote, activation, proposes, ...rest }: ModelEntry, words: string) {
  const template = crop.kind === 'aligned' ? { alignment: crop.template } : {};
  return { ...rest, crop: words, ...(rest.embedder && { embedder: { ...rest.embedder, ...template } }) };
}

const words: Readonly<Record<string, string>> = {
  'minifasnet-v1se': 'Square around the face box x 4.0, resized to 80 x 80.',
};

it('completes each entry that was written before entries had an architecture, with one warning', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  // Anti-spoof models had the crop `rect` only.
  const models = loadManifest().models.filter(
    ({ role, crop }) => role !== 'anti-spoof' || crop.kind === 'rect',
  );
  const own = models.map((model) => ({
    ...model,
    id: `own-${model.id}`,
    file: `own-${model.id}.onnx`,
    crop: withoutWider(model.crop),
  }));
  await added(...own.map((model, i) => earlier(model, words[models[i]!.id] ?? 'The face box x 2.7, or so.')));
  for (let time = 0; time < 2; time += 1) {
    for (const [index, entry] of (await readSelection(dir)).added.entries()) {
      const { cropNote: _, ...expected } = own[index]!;
      expect(entry).toMatchObject(expected);
    }
  }
  expect(warn).toHaveBeenCalledTimes(own.length);
  expect(warn.mock.calls[0]?.[0]).toContain('own-blazeface in models.json has no architecture and crop');
});

it.each<[string, Partial<ModelEntry> | { architecture: string }, string]>([
  ['an unknown architecture', { architecture: 'retinaface' }, 'added.0.architecture: Invalid option'],
  ['another role', { role: 'mesh' }, 'a model of the role mesh is one of facemesh'],
  ['another kind of crop', { crop: { kind: 'whole', multiple: 1 } }, 'has a crop of the kind rect'],
  ['no labels', { labels: ['print', 'replay'] }, 'one of them is "live"'],
])('says in one sentence what is wrong: %s', async (_, change, message) => {
  const spoof = loadManifest().models.find(({ id }) => id === 'minifasnet-v2');
  await added({ ...spoof, ...change });
  await expect(readSelection(dir)).rejects.toThrow(message);
});

it('says which output an architecture lacks', async () => {
  const mesh = loadManifest().models.find(({ id }) => id === 'facemesh')!;
  await added({ ...mesh, outputs: mesh.outputs.filter(({ name }) => name !== 'flag') });
  await expect(readSelection(dir)).rejects.toThrow('the architecture facemesh has an output flag');
});
