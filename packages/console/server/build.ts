import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['index.html', 'package.json', 'vite.config.ts', 'public', 'src'];
/** Beside the pages: the sources they were built from. */
const stamp = 'sources.sha256';

/**
 * Builds the pages with Vite where there are none yet, or others than the sources make (about two seconds).
 * @param folder where to; `dist` of this package by default. It belongs to the build: what else is in it goes
 * @returns the folder of the pages
 * @throws Error Vite's own, or that the folder can't be written
 */
export async function buildPages(folder = join(root, 'dist')): Promise<string> {
  const wanted = await hashOfSources();
  const found = await readFile(join(folder, stamp), 'utf8').catch(() => undefined);
  if (found === wanted) return folder;
  const [{ build }, { default: config }] = await Promise.all([import('vite'), import('../vite.config.ts')]);
  const environment = process.env.NODE_ENV;
  try {
    await build({
      ...config,
      configFile: false,
      mode: 'production',
      build: { ...config.build, outDir: folder },
    });
  } finally {
    // Vite sets it for the whole process, which here is the service's.
    if (environment === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = environment;
  }
  await writeFile(join(folder, stamp), wanted);
  return folder;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesOf(source)) {
      hash
        .update(`${file}\0`)
        .update(await readFile(join(root, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

async function filesOf(source: string): Promise<string[]> {
  const entries = await readdir(join(root, source), { recursive: true, withFileTypes: true }).catch(
    () => undefined,
  );
  if (entries === undefined) return [source];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}
