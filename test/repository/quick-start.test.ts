import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a file loads before it is run: its imports and exports but for types and `import()`s. */
async function loadedBy(file: string): Promise<string[]> {
  const { module } = parseSync(file, await readFile(join(root, file), 'utf8'));
  const imported = module.staticImports
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest }) => moduleRequest.value);
  const exported = module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, isType }) => (moduleRequest && !isType ? [moduleRequest.value] : []));
  return [...imported, ...exported];
}

/** A file of ours by the name that an import has; undefined for what is not ours. */
async function fileOf(name: string, from: string): Promise<string | undefined> {
  if (name.startsWith('.')) return join(dirname(from), name);
  const [, folder, path] = /^@openfrs\/([a-z]+)(\/.*)?$/.exec(name) ?? [];
  if (folder === undefined) return undefined;
  const place = folder === 'models' ? folder : `packages/${folder}`;
  const { exports } = JSON.parse(await readFile(join(root, place, 'package.json'), 'utf8')) as {
    exports: Record<string, string>;
  };
  return join(place, exports[`.${path ?? ''}`] ?? '');
}

/** Files of ours, and packages of others, that loading a file loads. */
async function allLoadedBy(start: string): Promise<{ ours: Set<string>; others: Set<string> }> {
  const [ours, others] = [new Set<string>(), new Set<string>()];
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (ours.has(file)) continue;
    ours.add(file);
    if (!file.endsWith('.ts')) continue;
    for (const name of await loadedBy(file)) {
      const next = await fileOf(name, file);
      if (next === undefined) others.add(name);
      else waiting.push(next);
    }
  }
  return { ours, others };
}

test('the command line starts without stores and models: what a command needs of them, it loads when it runs', async () => {
  const { ours, others } = await allLoadedBy('packages/cli/src/main.ts');
  expect(ours.size).toBeGreaterThan(50);
  expect(others).toContain('commander');
  expect(
    [...others].filter((name) => /^@aws-sdk|^(onnxruntime-node|sharp|classic-level)$/.test(name)),
  ).toEqual([]);
  expect(
    [...ours].filter((file) => /^packages\/(store|service|server|embedded|vision)\//.test(file)),
  ).toEqual([]);
});

test('a server starts without what builds models: most starts find every one', async () => {
  const { ours, others } = await allLoadedBy('packages/server/src/index.ts');
  expect(ours.size).toBeGreaterThan(200);
  expect(
    [...others].filter((name) => /^(pacote|@npmcli|protobufjs|ml-matrix|flatbuffers)/.test(name)),
  ).toEqual([]);
});
