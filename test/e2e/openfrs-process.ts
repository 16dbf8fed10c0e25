import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { compiled } from '../support/compiled.ts';

export type Settings = Readonly<Record<string, string>>;

export interface ServerProcess {
  readonly child: ChildProcess;
  /** All that it has printed so far, on both streams. */
  output(): string;
  /** The exit code; null where a signal ended it. */
  exited(): Promise<number | null>;
}

/** `openfrs serve` with these settings and none of the shell's. Resolves when it serves, or has ended. */
export async function serve(settings: Settings): Promise<ServerProcess> {
  const { bin, env } = await compiled();
  const child = spawn(process.execPath, [bin, 'serve'], {
    env: { ...inherited(), ...env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  let timer: NodeJS.Timeout | undefined;
  const serves = new Promise<void>((resolve) => {
    timer = setInterval(() => output.includes('openfrs serves at') && resolve(), 20);
  });
  await Promise.race([serves, exited]);
  clearInterval(timer);
  return { child, output: () => output, exited: () => exited };
}

/** Runs a script, in which `npx openfrs` is this one; answers what it printed. @throws Error with what went wrong */
export async function shell(script: string, cwd: string, settings: Settings): Promise<string> {
  const { bin, env } = await compiled();
  const npx = `npx() { shift; node '${bin}' "$@"; }`;
  const { stdout } = await promisify(execFile)('bash', ['-c', `set -e\n${npx}\n${script}`], {
    cwd,
    env: { ...inherited(), ...env, ...settings },
  });
  return stdout;
}

/** What a process needs to run at all. */
const inherited = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR'].includes(name)),
  );

/** A port that was free a moment ago, with two free ones behind it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const first = await occupy(0);
    const port = first.port;
    const others = await Promise.all([port + 1, port + 2].map((each) => occupy(each).catch(() => undefined)));
    for (const each of [first, ...others]) each?.close();
    if (others.every(Boolean)) return port;
  }
}

async function occupy(port: number): Promise<{ readonly port: number; close(): void }> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as { port: number }).port, close: () => server.close() };
}
