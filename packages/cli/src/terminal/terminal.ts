import type { Readable } from 'node:stream';

/** Where a command's output goes. */
export interface Screen {
  write(text: string): unknown;
  /** Absent or false: a file or a pipe; then without colours and progress. */
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What surrounds a run of the command line. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Screen;
  readonly stderr: Screen;
}

/** The first line of the standard input, without its end. */
export async function readLine(stdin: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}
