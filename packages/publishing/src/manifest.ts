import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** What all published packages say of themselves. @param repository `owner/name` on GitHub, against which provenance is held */
export const common = (repository?: string) => ({
  ...(repository && { repository: { type: 'git', url: `git+https://github.com/${repository}.git` } }),
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=20.19' },
  keywords: ['face-recognition', 'face-detection', 'liveness', 'frs'],
});
