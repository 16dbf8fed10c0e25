import { fileURLToPath } from 'node:url';
import { packPackages } from './pack.ts';

/** `npm run pack:packages -- DIR` */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Name the folder of the tarballs: npm run pack:packages -- DIR');
  process.exit(2);
}
const root = fileURLToPath(new URL('../../..', import.meta.url));
const packed = await packPackages(root, folder, { repository: process.env.GITHUB_REPOSITORY });
for (const tarball of packed) console.log(tarball);
