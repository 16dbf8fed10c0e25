import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LocalCredentials } from '@openfrs/server';
import { Client, credentialsIn } from '../../e2e/client.ts';
import { npmStart } from '../../e2e/npm-start.ts';
import { runJson } from '../../support/run-command.ts';
import { processesOf } from './processes.ts';

const run = promisify(execFile);
const usageScript = fileURLToPath(new URL('./usage.mjs', import.meta.url));

export interface Served {
  readonly credentials: LocalCredentials;
  readonly client: Client;
  /** Of a project of the developer's account; the first one by default. */
  token(project?: string): Promise<string>;
  /** Runs `openfrs` against its stores; what it answers with `--json`. @throws Error with what it printed where it fails */
  operate(...argv: string[]): Promise<unknown>;
  /** Resident memory of the whole service, in MB. */
  memory(): Promise<number>;
  /** Open file handles of all its processes. */
  handles(): Promise<number>;
  /** Of its data folder, in MB. */
  disk(): Promise<number>;
  /** Seconds of processor time that it has used. */
  cpu(): Promise<number>;
  /** How long it worked on what it answered since a moment, in ms: each request's, as its audit log has it. */
  audited(operation: string, since: number): Promise<number[]>;
  /** What each of its threads last told. */
  usage(): Promise<readonly (readonly [thread: string, Usage])[]>;
}

/** Of one thread. */
interface Usage {
  /** Bytes. */
  readonly heapUsed: number;
  readonly external: number;
  /** How much later than asked its event loop came round, in ms (5 ms of which are the timer's own). */
  readonly late: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface Watching {
  /** Between two notes of the threads' usage. */
  readonly everyMs: number;
  /** Collect garbage before each: exact, and a pause of the service. */
  readonly exact: boolean;
}

/**
 * Runs work against the service, in a process of its own: as `npm start` serves it unless another `start` is given.
 * @throws what the work throws; Error with its last lines where the service ends meanwhile
 */
export async function withService(
  work: (served: Served) => Promise<void>,
  watching: Watching,
  start: typeof npmStart = npmStart,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-load-'));
  const [dataDir, usageDir] = [join(folder, 'data'), join(folder, 'usage')];
  const log = join(folder, 'log');
  await mkdir(usageDir);
  const server = await start(
    {
      FRS_DATA_DIR: dataDir,
      PORT: '0',
      NODE_OPTIONS: `--import ${usageScript}`,
      BENCH_USAGE: usageDir,
      BENCH_USAGE_MS: String(watching.everyMs),
      ...(watching.exact && { BENCH_USAGE_GC: '1' }),
    },
    log,
  );
  const processes = () => processesOf(server.child.pid ?? 0);
  // In a process group of its own, it would outlive a bench that is stopped.
  const stopped = (signal: NodeJS.Signals) => {
    console.error(`The bench was stopped by ${signal}.`);
    server.interrupt();
    process.exit(1);
  };
  const ended = server.exited().then(async (code) => {
    const last = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');
    const how = code === null ? `by ${server.child.signalCode}` : `with code ${code}`;
    throw new Error(`The service ended ${how}. Its last lines:\n${server.err()}${last}`);
  });
  ended.catch(() => {});
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopped);
  try {
    const credentials = await credentialsIn(join(dataDir, 'credentials.env'));
    const working = work({
      credentials,
      client: new Client(credentials),
      token: (project) => newToken(credentials, project),
      operate: (...argv) => operate(dataDir, argv),
      memory: async () => Math.round(processes().reduce((sum, { resident }) => sum + resident, 0) / 1024),
      handles: async () => {
        const open = processes().map(({ pid }) => readdir(`/proc/${pid}/fd`).catch(() => []));
        return (await Promise.all(open)).flat().length;
      },
      disk: async () => Math.round(Number((await run('du', ['-sk', dataDir])).stdout.split('\t')[0]) / 1024),
      cpu: async () => processes().reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000,
      audited: async (operation, since) => {
        const lines = (await readFile(log, 'utf8')).split('\n');
        const audit = lines.flatMap((line) =>
          line.startsWith('{"level":"audit"') ? [JSON.parse(line)] : [],
        );
        return (audit as { operation: string; time: string; ms: number }[])
          .filter((one) => one.operation === operation && Date.parse(one.time) >= since)
          .map(({ ms }) => ms);
      },
      usage: async () => await usageIn(usageDir),
    });
    await Promise.race([working, ended]);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stopped);
    if (server.child.exitCode === null && server.child.signalCode === null) server.interrupt();
    await server.exited();
    await rm(folder, { recursive: true, force: true });
  }
}

async function usageIn(folder: string): Promise<(readonly [string, Usage])[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return await Promise.all(
    files.map(async (name) => {
      const usage = JSON.parse(await readFile(join(folder, name), 'utf8')) as Usage;
      return [name.replace('.json', ''), usage] as const;
    }),
  );
}

const operate = (dataDir: string, argv: readonly string[]) =>
  runJson<unknown>(argv, { FRS_DATA_DIR: dataDir });

/** A project that was made just now is known everywhere a second later. */
async function newToken(credentials: LocalCredentials, project?: string): Promise<string> {
  const user = {
    name: credentials.FRS_USER,
    password: credentials.FRS_PASSWORD,
    domain: { name: credentials.FRS_DOMAIN },
  };
  const scope = { project: { name: project ?? credentials.FRS_REGION } };
  const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } });
  const headers = { 'content-type': 'application/json' };
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${credentials.FRS_ENDPOINT}/v3/auth/tokens`, {
      method: 'POST',
      headers,
      body,
    });
    const token = answer.headers.get('x-subject-token');
    if (token) return token;
    if (tries === 10) throw new Error(`no token: ${await answer.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
