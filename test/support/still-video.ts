import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeWhole } from '@openfrs/console/build';

const maker = fileURLToPath(new URL('make-still-video.ts', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/openfrs-still-video', import.meta.url));

/** Two seconds of a photo that doesn't move, as WebM. @returns its path: it is made once for a checkout */
export async function stillVideo(): Promise<string> {
  const edition = createHash('sha256').update(await readFile(maker));
  const folder = join(cache, edition.digest('hex'));
  const make = (empty: string) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', maker, join(empty, 'video.webm')]);
  if (!existsSync(folder)) await makeWhole(folder, make);
  return join(folder, 'video.webm');
}
