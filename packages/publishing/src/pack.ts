import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildClient } from './client-package.ts';
import { buildServer, type PublishOptions } from './server-package.ts';

/**
 * Builds the published packages and packs them as npm would publish them.
 * @param root of the repository
 * @param to the folder of the tarballs
 * @returns their paths: `openfrs`, `@openfrs/client`
 */
export async function packPackages(
  root: string,
  to: string,
  options: PublishOptions = {},
): Promise<readonly [server: string, client: string]> {
  await mkdir(to, { recursive: true });
  const staging = await mkdtemp(join(tmpdir(), 'openfrs-pack-'));
  try {
    const [server, client] = [join(staging, 'openfrs'), join(staging, 'client')];
    await buildServer(root, server, options);
    await buildClient(root, client, options.repository);
    return [await pack(server, to), await pack(client, to)];
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function pack(folder: string, to: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--silent', '--pack-destination', resolve(to)],
    {
      cwd: folder,
    },
  );
  return join(resolve(to), stdout.trim().split('\n').at(-1) ?? '');
}
