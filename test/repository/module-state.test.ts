import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { files, root } from './files.ts';

/** State that modules keep, and why two services in one process don't meet in it. */
const kept: Readonly<Record<string, string>> = {
  'models/src/runtime/infer-architecture.ts: warned': 'one warning a process',
  'packages/contract/src/steps.ts: isRenewing':
    'the slice of this turn: the event loop is one, whoever works in it',
  'packages/contract/src/steps.ts: left': 'the slice of this turn',
  'packages/contract/src/steps.ts: waiting': 'the slice of this turn',
  'packages/liveness/src/pad/planar-kernel.ts: made': 'the kernel’s memory and tables, used within one turn',
  'packages/liveness/src/pad/view-kernel.ts: made': 'the kernel’s memory, used within one turn',
  'packages/search/src/region.ts: visited': 'scratch memory of the kernel, used within one turn',
  'packages/server/src/maintenance/thread.ts: expiring': 'a thread of its own',
  'packages/server/src/maintenance/thread.ts: stopping': 'a thread of its own',
  'packages/server/src/maintenance/thread.ts: taking': 'a thread of its own',
  'packages/server/src/maintenance/thread.ts: waiting': 'a thread of its own: its module is its one instance',
  'packages/server/src/maintenance/thread.ts: working': 'a thread of its own',
  'packages/video/src/wasm-session.ts: compiled': 'FFmpeg, compiled once a process, by its path',
  'packages/video/src/wasm-worker.ts: chunk': 'a thread of its own, for one video',
  'packages/video/src/wasm-worker.ts: complaints': 'a thread of its own, for one video',
  'packages/video/src/wasm-worker.ts: filled': 'a thread of its own, for one video',
  'packages/video/src/wasm-worker.ts: output': 'a thread of its own, for one video',
  'packages/video/src/wasm-worker.ts: sent': 'a thread of its own, for one video',
  'packages/vision/src/image/shrink.ts: tables': 'weights that follow from two lengths alone, a few of them',
  'packages/video/src/worker-build.ts: codes': 'the code of the worker, built once a process',
};

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Names of a module's variables that change: what is assigned anew, and collections that begin empty. (Weak ones keep nothing of their own.) */
function stateOf(body: readonly Node[]): string[] {
  return body.flatMap((statement) => {
    const { type, kind, declarations } = (
      statement.type === 'ExportNamedDeclaration' ? (statement.declaration ?? statement) : statement
    ) as Node;
    if (type !== 'VariableDeclaration') return [];
    return (declarations as { id: Node; init: Node | null }[])
      .filter(({ id, init }) => kind === 'let' || (isEmptyCollection(init) && !isReadonly(id)))
      .map(({ id }) => String(id.name));
  });
}

/** Declared as a list that nobody adds to. */
function isReadonly(id: Node): boolean {
  return /readonly/i.test(JSON.stringify(id.typeAnnotation ?? ''));
}

function isEmptyCollection(init: Node | null): boolean {
  if (init === null) return false;
  const { type, callee, arguments: given = [], elements, properties } = init as Node & { arguments?: Node[] };
  if (type === 'NewExpression') {
    const name = String((callee as Node).name);
    return name === 'LRUCache' || (/^(Map|Set)$/.test(name) && given.length === 0);
  }
  if (type === 'ArrayExpression') return (elements as Node[]).length === 0;
  return type === 'ObjectExpression' && (properties as Node[]).length === 0;
}

test('modules keep no state but what is named here', async () => {
  const modules = files
    .filter((file) => /^(packages|models|layers|functions)\/.*\.ts$/.test(file))
    .filter((file) => !/\.test\.ts$|(^|\/)(test|testing|site|kernel)\//.test(file));
  const found = await Promise.all(
    modules.map(async (file) => {
      const text = await readFile(join(root, file), 'utf8').catch(() => '');
      const { program } = parseSync(file, text);
      return stateOf(program.body as unknown as Node[]).map((name) => `${file}: ${name}`);
    }),
  );
  expect(found.flat().sort()).toEqual(Object.keys(kept).sort());
});
