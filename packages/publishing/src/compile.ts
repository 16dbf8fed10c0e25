import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';

/** What of a package is not for those who install it. */
const left = /(\.test\.ts|\.d\.ts)$|(^|\/)(testing|generator)\//;

/**
 * Compiles the TypeScript of a folder file by file and copies the rest, so that what finds a file by its place finds it again: threads,
 * completion, notices.
 */
export async function compileFolder(from: string, to: string): Promise<void> {
  for (const file of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name).slice(from.length + 1);
    if (!file.isFile() || left.test(path)) continue;
    const target = join(to, path.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    if (/\.(ts|mjs|cjs)$/.test(path)) await writeFile(target, await compile(join(from, path)));
    else await cp(join(from, path), target);
  }
}

async function compile(file: string): Promise<string> {
  const source = await readFile(file, 'utf8');
  if (!file.endsWith('.ts')) return plainNames(withoutLoader(source));
  const { code } = await transform(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcefile: file,
  });
  return plainNames(readJson(code));
}

/** Relative names of TypeScript files, in imports and in what finds a file by its place. */
export const plainNames = (code: string) => code.replace(/(["'])(\.{1,2}\/[^"'\n]*)\.ts\1/g, '$1$2.js$1');

/** A thread's own start registers tsx, which compiled code does without. */
const withoutLoader = (code: string) =>
  code
    .replace(/^import \{ (createRequire|register) \} from '(node:module|tsx\/cjs\/api)';\n/gm, '')
    .replace(/^register\(\);\n/m, '')
    .replace(/createRequire\(import\.meta\.url\)\(/, 'await import(');

/** Node 20 warns of JSON that is imported. */
function readJson(code: string): string {
  return code.replace(
    /^import (\{[^}]*\}|\w+) from "([^"]*\.json)"(?: with \{ type: "json" \})?;$/gm,
    'import { createRequire as requireFrom } from "node:module";\nconst $1 = requireFrom(import.meta.url)("$2");',
  );
}
