import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docsApp } from '@openfrs/http';
import { modelsDir } from '@openfrs/models';
import { version } from '../package.json' with { type: 'json' };
import { buildPages } from './build.ts';
import { activeCalibration } from './calibration.ts';

/** Where `sst.aws.StaticSite` takes it from. */
const dist = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Writes the console as files that any web server can offer beside the API: the pages, what a similarity means, and
 * `/docs` with `/openapi.json` (as `docs.html`, which static hosts serve at `/docs`).
 * @param models the folder of the models in use
 */
export async function buildSite({ folder = dist, models = modelsDir() } = {}): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await cp(await buildPages(), folder, { recursive: true });
  const write = async (path: string, content: string | Uint8Array) => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await write('console/calibration.json', JSON.stringify(await activeCalibration(models)));
  const docs = docsApp(version);
  const read = async (path: string) => {
    const answer = await docs.request(path);
    if (!answer.ok) throw new Error(`The documentation has no ${path}.`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const page = await read('/docs');
  await write('docs.html', page);
  const links = new TextDecoder().decode(page).matchAll(/(?:src|href)="(docs\/[^"]+)"/g);
  for (const path of ['openapi.json', ...[...links].map(([, link = '']) => link)]) {
    await write(path, await read(`/${path}`));
  }
}
