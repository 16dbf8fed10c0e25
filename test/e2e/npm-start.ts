import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scripts } from '../../package.json' with { type: 'json' };
import { compiled } from '../support/compiled.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  out(): string;
  err(): string;
  /** Resolves with the exit code. */
  exited(): Promise<number | null>;
  /** Ctrl-C, as a terminal sends it: to npm, tsx and the service at once. */
  interrupt(): void;
}

/**
 * `npm start`, in a process group of its own. Resolves when it serves or has ended.
 * @param log a file for what it prints once it serves: a busy reader of a pipe would hold it up
 */
export function npmStart(env: Record<string, string>, log?: string): Promise<Run> {
  return start(`exec npm start --silent${into(log)}`, env, log);
}

const into = (log: string | undefined) => (log === undefined ? '' : ` > '${log}'`);

/** The program of `npm start` without npm and compiled, which takes half the work. @param log as of `npmStart` */
export async function plainStart(env: Record<string, string>, log?: string): Promise<Run> {
  const { main, env: places } = await compiled();
  const command = scripts.start.replace(/--import tsx \S+$/, `'${main}'`);
  return start(`exec ${command}${into(log)}`, { ...places, ...env }, log);
}

/** `npm start` under strace: each call that opens a file for writing, names one or connects is a line of the file `trace`. */
export function tracedStart(env: Record<string, string>, trace: string): Promise<Run> {
  const calls = 'openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,connect';
  return start(
    `exec strace -f -qq -s 512 --seccomp-bpf -e trace=${calls} -o '${trace}' npm start --silent`,
    env,
  );
}

async function start(command: string, env: Record<string, string>, log?: string): Promise<Run> {
  const child = spawn('sh', ['-c', command], {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const printed = () => (log === undefined ? out : existsSync(log) ? readFileSync(log, 'utf8') : '');
  // Of a run that is cut off nothing is left behind.
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), 'SIGKILL');
  };
  process.once('exit', kill);
  const exited = once(child, 'close').then(([code]) => {
    process.off('exit', kill);
    return code as number | null;
  });
  let looking: NodeJS.Timeout | undefined;
  const serves = new Promise<void>((resolve) => {
    looking = setInterval(() => printed().includes('Ctrl-C stops it') && resolve(), 20);
  });
  await Promise.race([serves, exited]);
  clearInterval(looking);
  return {
    child,
    out: printed,
    err: () => err,
    exited: () => exited,
    interrupt: () => process.kill(-(child.pid as number), 'SIGINT'),
  };
}

/** Lines of standard error that are the service's, not npm's about its own settings. */
export const complaint = (run: Run) =>
  run
    .err()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('npm warn'))
    .join('\n');
