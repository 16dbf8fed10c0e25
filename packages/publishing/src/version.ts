import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releaseNotes } from './changelog.ts';
import { versionPackages } from './version-packages.ts';

/** `npm run version:packages`; `npm run release:notes -- VERSION` prints what the changelog says of it. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const [action, version = ''] = process.argv.slice(2);
if (action === 'notes')
  console.log(releaseNotes(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version));
else console.log((await versionPackages(root)) ?? 'There is no changeset: the version stays.');
