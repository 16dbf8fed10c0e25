import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLayers } from '@openfrs/layers';
import type { TestProject } from 'vitest/node';
import { node24 } from './lambda/node24.ts';
import { installPlatform, planCloud } from './plan.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Prepared {
  /** File with the plan of a deployment for this machine's processor, all settings left alone. */
  readonly plan: string;
  readonly layers: string;
  /** Node 24; absent on machines there is none for. */
  readonly node?: string;
  /** SST's runtime loop. */
  readonly runtime: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly prepared: Prepared;
  }
}

/** Layers, SST's platform, a Node like Lambda's and one plan: made once for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const layers = join(root, '.layers');
  if (await stale(layers)) {
    await buildLayers(root, layers, ['arm64', 'x64'], (line) => console.log(`layers: ${line}`));
  }
  const node = await node24(layers);
  await installPlatform();
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const plan = join(root, '.sst', 'check-plan.json');
  await writeFile(plan, JSON.stringify(await planCloud({ FRS_ARCHITECTURE: architecture })));
  const runtime = join(root, '.sst', 'platform', 'dist', 'nodejs-runtime', 'index.js');
  project.provide('prepared', { plan, layers, runtime, ...(node && { node }) });
  return removeTypes;
}

/** Layers older than what they are made from are made again. */
async function stale(folder: string): Promise<boolean> {
  const made = await Promise.all(
    ['native-arm64', 'native-x64', 'models', 'ffmpeg'].map((name) => modified(join(folder, `${name}.zip`))),
  );
  const from = ['package-lock.json', 'models/manifest.json', 'packages/video/src/wasm-worker.ts'];
  const newest = Math.max(...(await Promise.all(from.map((file) => modified(join(root, file))))));
  return made.some((time) => time < newest);
}

const modified = (file: string) =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

/** SST writes its types beside every package.json. */
async function removeTypes(): Promise<void> {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true });
  const packages = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join('packages', name));
  for (const folder of ['.', 'models', 'layers', ...packages]) {
    await rm(join(root, folder, 'sst-env.d.ts'), { force: true });
  }
}
