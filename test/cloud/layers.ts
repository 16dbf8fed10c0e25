import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLayers } from '@openfrs/layers';
import { modelsDir } from '@openfrs/models';
import { amount } from '@openfrs/testing/sample';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The folder of the layers' zips, built where there are none yet, as on a fresh clone, or where they are old. Of a run their files are
 * only stored; every night they are packed as `npm run layers` does it before a deployment.
 */
export async function preparedLayers(): Promise<string> {
  const folder = join(root, '.layers');
  if (await stale(folder)) {
    const progress = (line: string) => console.error(`layers: ${line}`);
    const level = amount(0, 6) === 0 ? 0 : 6;
    await buildLayers(root, folder, ['arm64', 'x64'], progress, modelsDir(), level);
  }
  return folder;
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
