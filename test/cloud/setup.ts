import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { node24 } from './lambda/node24.ts';
import { preparedLayers } from './layers.ts';
import { builds, installPlatform, planCloud } from './plan.ts';

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
  const layers = await preparedLayers();
  const node = await node24(layers);
  await installPlatform();
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const plan = join(root, '.sst', 'check-plan.json');
  await rm(builds, { force: true });
  await writeFile(plan, JSON.stringify(await planCloud({ FRS_ARCHITECTURE: architecture }, 'ci', builds)));
  const runtime = join(root, '.sst', 'platform', 'dist', 'nodejs-runtime', 'index.js');
  project.provide('prepared', { plan, layers, runtime, ...(node && { node }) });
  return removeTypes;
}

/** SST writes its types beside every package.json. */
async function removeTypes(): Promise<void> {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true });
  const packages = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join('packages', name));
  for (const folder of ['.', 'models', 'layers', ...packages]) {
    await rm(join(root, folder, 'sst-env.d.ts'), { force: true });
  }
}
