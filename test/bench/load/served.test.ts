import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Run } from '../../e2e/npm-start.ts';
import { withService } from './served.ts';

/** In the place of a service: a shell that ends when it has said why. */
async function shortLived(env: Record<string, string>, log: string): Promise<Run> {
  const dataDir = env.FRS_DATA_DIR ?? '';
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'credentials.env'), 'FRS_ENDPOINT=http://127.0.0.1:1\n');
  const child = spawn('sh', ['-c', `sleep .2; echo the disk is gone > '${log}'; exit 3`], { detached: true });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    out: () => '',
    err: () => '',
    exited: () => exited,
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
  };
}

it('a service that ends under its bench ends it, and the bench says how and what was printed last', async () => {
  const forever = () => new Promise<void>(() => {});
  const start = (env: Record<string, string>, log?: string) => shortLived(env, log ?? '');
  await expect(withService(forever, { everyMs: 1000, exact: false }, start)).rejects.toThrow(
    /The service ended with code 3\. .*the disk is gone/s,
  );
});
