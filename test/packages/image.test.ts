import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

/* FRS_TEST_IMAGE=1: minutes, root and the registries of Debian and npm. What a Docker engine would do beside the script is not tried. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 1_200_000 });

const script = fileURLToPath(new URL('image-root.sh', import.meta.url));
const reason =
  process.env.FRS_TEST_IMAGE === undefined
    ? 'FRS_TEST_IMAGE asks for it'
    : process.getuid?.() !== 0
      ? 'only root makes one'
      : spawnSync('sh', ['-c', 'command -v debootstrap && unshare --mount true']).status !== 0
        ? 'there is no debootstrap, or no mount namespace'
        : undefined;
if (reason !== undefined) console.info(`The root of the image is left out: ${reason}.`);

describe.runIf(reason === undefined)('the image, as a Debian root', () => {
  const dir = mkdtempSync(join(tmpdir(), 'openfrs-image-'));
  const root = join(dir, 'root');
  const settings = [
    ...['NODE_ENV=production', 'FRS_HOST=127.0.0.1', 'PORT=18780'],
    ...['FRS_DATA_DIR=/data', 'FRS_MODELS_DIR=/opt/openfrs/models'],
  ];
  const openfrs = '/opt/openfrs/node_modules/.bin/openfrs';
  /** A command as the image runs it. */
  const run = async (...command: string[]) =>
    (await promisify(execFile)(script, [root, '--run', 'env', ...settings, ...command])).stdout;

  beforeAll(() => {
    // As this machine's own packages come: by its mirror.
    const [mirror = 'https://deb.debian.org/debian'] = execFileSync(
      'sh',
      ['-c', "apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort -u"],
      { encoding: 'utf8' },
    ).split('\n');
    execFileSync(script, [root, mirror], { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('serves as a user without rights on a read-only root, and its health check tells', async () => {
    await expect(run('node', '/opt/openfrs/health.mjs')).rejects.toMatchObject({ code: 1 });
    const server = spawn(script, [root, '--run', 'env', ...settings, openfrs, 'serve']);
    let output = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
    await expect.poll(() => output, { timeout: 90_000 }).toContain('openfrs serves at');
    await run('node', '/opt/openfrs/health.mjs');
    expect(await run('id', '--user')).toBe('1000\n');
    await expect(run('touch', '/opt/openfrs/x')).rejects.toThrow(/Read-only/);
    expect(await run(openfrs, 'account', 'create', 'acme', '--json')).toContain('"domain":"acme"');
    server.kill('SIGTERM');
    expect(await new Promise((resolve) => server.on('close', resolve))).toBe(0);
  });
});
