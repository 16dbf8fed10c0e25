import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['index.html', 'package.json', 'vite.config.ts', 'public', 'site'];
/** Apart from `dist`, which is `vite build`'s own. */
const cache = fileURLToPath(new URL('../../../node_modules/.cache/openfrs-console', import.meta.url));

/** Built when the package was, which has no sources of them. */
const published = join(root, 'pages');

/**
 * Builds the pages with Vite where those of the present sources aren't built yet (about two seconds). Each edition has
 * its own folder, which appears whole, so that several processes may start at once.
 * @param parent of the editions; older ones in it are deleted
 * @returns the folder of the pages
 * @throws Error Vite's own, or that the folder can't be written
 */
export async function buildPages(parent = cache): Promise<string> {
  if (existsSync(published)) return published;
  const edition = await hashOfSources(root, sources);
  const folder = join(parent, edition);
  if (existsSync(folder)) return folder;
  await makeWhole(folder, build);
  const others = (await readdir(parent)).filter(
    (name) => name !== edition && !name.startsWith('unfinished-'),
  );
  for (const other of others) await rm(join(parent, other), { recursive: true, force: true });
  return folder;
}

/**
 * Makes a folder that appears whole or not at all, also where several processes make it at once: the first one's stays.
 * @param folder its parent is made, too
 * @param make fills an empty folder beside it
 * @throws what `make` throws, or Error that the folder can't be written
 */
export async function makeWhole(folder: string, make: (empty: string) => Promise<unknown>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(folder), 'unfinished-'));
  try {
    await make(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(folder)) throw error;
  }
}

async function build(outDir: string): Promise<void> {
  const [vite, { default: config }] = await Promise.all([import('vite'), import('../vite.config.ts')]);
  const environment = process.env.NODE_ENV;
  try {
    await vite.build({
      ...config,
      configFile: false,
      mode: 'production',
      build: { ...config.build, outDir },
    });
  } finally {
    // Vite sets it for the whole process, which here is the service's.
    if (environment === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = environment;
  }
}

/**
 * SHA-256 of files and of their names.
 * @param folder that the names begin in
 * @param sources files in it, and folders, of which all files count
 * @returns in hexadecimal
 * @throws Error that a file can't be read
 */
export async function hashOfSources(folder: string, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesOf(folder, source)) {
      hash
        .update(`${file}\0`)
        .update(await readFile(join(folder, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

async function filesOf(folder: string, source: string): Promise<string[]> {
  const path = join(folder, source);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [source];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
