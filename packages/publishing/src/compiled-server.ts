import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages, hashOfSources, makeWhole } from '@openfrs/console/build';
import { carried, compileServer } from './server-package.ts';

export { startName } from './bundle.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Below the repository's `node_modules`, where what it depends on is found. */
const cache = join(root, 'node_modules/.cache/openfrs-compiled');
const own = 'packages/publishing/src';
const dayMs = 86_400_000;

/**
 * The server of the present sources, compiled where it isn't yet: a process of it starts with half the work of one from source. Each
 * edition has a folder, which appears whole, so that several processes may ask at once.
 * @returns the folder; in it `bin/openfrs.cjs`, `lib/main.js` and the video worker
 * @throws Error of esbuild or Vite where a source can't be compiled, or that the folder can't be written
 */
export async function compiledServer(): Promise<string> {
  const edition = await editionOfSources();
  const folder = join(cache, edition);
  if (existsSync(folder)) return folder;
  await makeWhole(folder, (empty) => compileServer(root, empty));
  await removeOld();
  return folder;
}

/** A run that began with an older edition may still read from it. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const changed = await stat(path).catch(() => undefined);
    if (changed !== undefined && Date.now() - changed.mtimeMs > dayMs)
      await rm(path, { recursive: true, force: true });
  }
}

/** Of all that is compiled, and of what compiles it. */
async function editionOfSources(): Promise<string> {
  const packages = Object.entries(carried).flatMap(([folder, sources]) =>
    ['package.json', ...sources].map((source) => join(folder, source)),
  );
  const all = [...packages, 'models/manifest.json', 'package-lock.json', own];
  return createHash('sha256')
    .update(await buildPages())
    .update(await hashOfSources(root, all))
    .digest('hex');
}
