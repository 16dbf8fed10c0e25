import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { files, root } from './files.ts';

const parsed = new Map<string, ReturnType<typeof parse>>();
const moduleAt = (file: string) => parsed.get(file) ?? parsed.set(file, parse(file)).get(file)!;

/** What a module declares at its top, with whether a docstring stands before it, and what it exports. */
function parse(file: string) {
  const text = readFileSync(file, 'utf8');
  const { program, comments } = parseSync(file, text);
  const hasDocstring = (start: number) => {
    const last = comments.findLast(({ end }) => end <= start);
    return last?.value.startsWith('*') === true && text.slice(last.end, start).trim() === '';
  };
  const functions = new Map<string, { readonly line: number; readonly documented: boolean }>();
  /** Name here, by the name that importers use. */
  const exports = new Map<string, { readonly from?: string; readonly name: string }>();
  const imports = new Map<string, { readonly from: string; readonly name: string }>();
  const wholes: string[] = [];
  for (const node of program.body) {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    const place = {
      line: text.slice(0, node.start).split('\n').length,
      documented: hasDocstring(node.start),
    };
    const declared: string[] = [];
    if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') {
      declared.push(declaration.id?.name ?? '');
    } else if (declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) {
        if (id.type === 'Identifier' && init?.type === 'ArrowFunctionExpression') declared.push(id.name);
      }
    }
    for (const name of declared) functions.set(name, place);
    if (node.type === 'ImportDeclaration') {
      for (const one of node.specifiers) {
        const name = one.type === 'ImportSpecifier' ? nameOf(one.imported) : 'default';
        imports.set(one.local.name, { from: node.source.value, name });
      }
    } else if (node.type === 'ExportAllDeclaration') wholes.push(node.source.value);
    else if (node.type === 'ExportNamedDeclaration') {
      for (const name of declared) exports.set(name, { name });
      for (const { local, exported } of node.specifiers) {
        const from = node.source?.value;
        exports.set(nameOf(exported), { name: nameOf(local), ...(from !== undefined && { from }) });
      }
    }
  }
  return { functions, exports, imports, wholes };
}

const nameOf = (one: { readonly name: string } | { readonly value: string }) =>
  'name' in one ? one.name : one.value;

/** Follows a name that a module exports to the function it is; undefined where it is none, or of another package. */
function functionOf(file: string, exported: string): string | undefined {
  const found = moduleAt(file).exports.get(exported);
  if (found === undefined) return undefined;
  const source = found.from === undefined ? moduleAt(file).imports.get(found.name) : found;
  if (source?.from !== undefined) {
    const next = resolve(dirname(file), source.from);
    return source.from.startsWith('.') && existsSync(next) ? functionOf(next, source.name) : undefined;
  }
  const declared = moduleAt(file).functions.get(found.name);
  return declared?.documented === false
    ? `${relative(root, file)}:${declared.line}: ${found.name}`
    : undefined;
}

const undocumented = (file: string): string[] => [
  ...[...moduleAt(file).exports.keys()].flatMap((name) => functionOf(file, name) ?? []),
  ...moduleAt(file)
    .wholes.filter((from) => from.startsWith('.'))
    .flatMap((from) => undocumented(resolve(dirname(file), from))),
];

test('every function and class that a package exports has a docstring', () => {
  const entries = files
    .filter((file) => /^(packages\/[^/]+|models|layers)\/package\.json$/.test(file))
    .flatMap((file) => {
      const { exports = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
        exports?: Record<string, string>;
      };
      return Object.values(exports).map((path) => join(root, dirname(file), path));
    })
    .filter((path) => path.endsWith('.ts') && existsSync(path));
  expect(entries.length).toBeGreaterThan(30);
  expect([...new Set(entries.flatMap(undocumented))]).toEqual([]);
});
