import { existsSync, readdirSync } from 'node:fs';
import { BenchInputError } from './inputs.ts';

const folder = new URL('../', import.meta.url);

/**
 * Runs `NAME.ts` of the bench folder with its options.
 * @returns the exit code: 2, after one sentence by `complain`, where the name or an option is wrong
 * @throws what the bench throws otherwise
 */
export async function runBench(
  [name = '', ...options]: readonly string[],
  complain: (sentence: string) => void,
): Promise<number> {
  const file = new URL(`./${name}.ts`, folder);
  if (!/^[a-z-]+$/.test(name) || name === 'main' || !existsSync(file)) {
    const names = readdirSync(folder)
      .filter((entry) => entry.endsWith('.ts') && entry !== 'main.ts')
      .map((entry) => entry.slice(0, -'.ts'.length));
    complain(`npm run bench NAME [-- options], where NAME is one of: ${names.join(', ')}`);
    return 2;
  }
  const { bench }: { bench(options: readonly string[]): Promise<void> } = await import(file.href);
  try {
    await bench(options);
    return 0;
  } catch (error) {
    if (!(error instanceof BenchInputError) && !isOptionError(error)) throw error;
    complain(error.message);
    return 2;
  }
}

/** An option that the bench does not have. */
function isOptionError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
