import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalCredentials } from '@openfrs/local';
import { Client, credentialsIn } from '../../e2e/client.ts';
import { npmStart } from '../../e2e/npm-start.ts';

const run = promisify(execFile);

export interface Served {
  readonly credentials: LocalCredentials;
  readonly client: Client;
  token(): Promise<string>;
  /** Resident memory of the whole service, in MB. */
  memory(): Promise<number>;
  /** Open file handles of all its processes. */
  handles(): Promise<number>;
  /** Of its data folder, in MB. */
  disk(): Promise<number>;
}

/** Runs work against the service as `npm start` serves it, in a process of its own, with more variables where given. */
export async function withService(
  work: (served: Served) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-load-'));
  const server = await npmStart({ ...env, FRS_DATA_DIR: dataDir, PORT: '0' });
  const processes = async () => {
    const { stdout } = await run('ps', ['-eo', 'pgid=,pid=,rss=']);
    const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    return rows.filter(([group]) => group === server.child.pid);
  };
  try {
    const credentials = await credentialsIn(join(dataDir, 'credentials.env'));
    const client = new Client(credentials);
    await work({
      credentials,
      client,
      token: () => newToken(credentials),
      memory: async () => Math.round((await processes()).reduce((sum, [, , kb = 0]) => sum + kb, 0) / 1024),
      handles: async () => {
        const open = (await processes()).map(([, pid]) => readdir(`/proc/${pid}/fd`).catch(() => []));
        return (await Promise.all(open)).flat().length;
      },
      disk: async () => Math.round(Number((await run('du', ['-sk', dataDir])).stdout.split('\t')[0]) / 1024),
    });
  } finally {
    server.interrupt();
    await server.exited();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function newToken(credentials: LocalCredentials): Promise<string> {
  const user = {
    name: credentials.FRS_USER,
    password: credentials.FRS_PASSWORD,
    domain: { name: credentials.FRS_DOMAIN },
  };
  const scope = { project: { name: credentials.FRS_REGION } };
  const answer = await fetch(`${credentials.FRS_ENDPOINT}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  });
  return answer.headers.get('x-subject-token') ?? '';
}
