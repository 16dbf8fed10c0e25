import { Readable } from 'node:stream';
import { run } from '@openfrs/cli';

/** What a run of the command line gave. */
export interface Ran {
  /** The exit code. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `openfrs` in this process as a shell would, its output in no terminal. @param input what is typed or piped into it */
export async function runCommand(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  input?: string,
): Promise<Ran> {
  const ran = { out: '', err: '' };
  const screen = (to: 'out' | 'err') => ({ write: (text: string) => (ran[to] += text) });
  const stdin = Readable.from(input === undefined ? [] : [input]);
  const code = await run(argv, { environment, stdin, stdout: screen('out'), stderr: screen('err') });
  return { code, ...ran };
}

/** The same with `--json`: what it answers. @throws Error with what it says where it fails */
export async function runJson<Answer = Record<string, string>>(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Answer> {
  const { code, out, err } = await runCommand([...argv, '--json'], environment);
  if (code !== 0 || out === '') throw new Error(`openfrs ${argv.join(' ')}: ${code} ${err}`);
  return JSON.parse(out) as Answer;
}
