import { fileURLToPath } from 'node:url';
import { packPackages } from './pack.ts';

/** `npm run pack:packages -- DIR` */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Name the folder of the tarballs: npm run pack:packages -- DIR');
  process.exit(2);
}
const root = fileURLToPath(new URL('../../..', import.meta.url));
for (const tarball of await packPackages(root, folder, process.env.GITHUB_REPOSITORY)) console.log(tarball);
