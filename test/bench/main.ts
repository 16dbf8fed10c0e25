import { existsSync, readdirSync } from 'node:fs';
import { BenchInputError } from './inputs/inputs.ts';

// npm run bench NAME [-- options]: runs NAME.ts of this folder, whose `bench` gets the options.
const [name = '', ...options] = process.argv.slice(2);
const file = new URL(`./${name}.ts`, import.meta.url);
if (!/^[a-z-]+$/.test(name) || name === 'main' || !existsSync(file)) {
  const names = readdirSync(new URL('.', import.meta.url))
    .filter((entry) => entry.endsWith('.ts') && entry !== 'main.ts')
    .map((entry) => entry.slice(0, -'.ts'.length));
  console.error(`npm run bench NAME [-- options], where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const { bench }: { bench(options: readonly string[]): Promise<void> } = await import(file.href);
  await bench(options).catch((error: unknown) => {
    if (!(error instanceof BenchInputError) && !isOptionError(error)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  });
}

/** An option that the bench does not have. */
function isOptionError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
