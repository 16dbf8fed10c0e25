import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

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

/** `npm start`, in a process group of its own. Resolves when it serves or has ended. */
export async function npmStart(env: Record<string, string>): Promise<Run> {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const serves = new Promise<void>((resolve) => {
    const look = () => {
      if (!out.includes('Ctrl-C stops it')) return;
      child.stdout.off('data', look);
      resolve();
    };
    child.stdout.on('data', look);
  });
  await Promise.race([serves, exited]);
  return {
    child,
    out: () => out,
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
