import { run } from './program.ts';

/** Runs the command line of this process; answers the exit code: 0 done, 1 failed, 2 not understood. */
export async function main(): Promise<number> {
  return await run(process.argv.slice(2), {
    environment: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
}
