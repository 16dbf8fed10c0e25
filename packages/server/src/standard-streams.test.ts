import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const program = `
  import { outliveBrokenOutput } from ${JSON.stringify(new URL('./standard-streams.ts', import.meta.url).href)};
  outliveBrokenOutput();
  for (let line = 0; line < 3; line++) {
    console.log('x'.repeat(10_000));
    console.error('y');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.exit(7);
`;

/** What the program ends with in a command line of bash: 7 where it came to its end. */
const run = (commandLine: string) =>
  spawnSync('bash', ['-c', commandLine, process.execPath, program], { encoding: 'utf8' }).status;
const start = '"$0" --import tsx --input-type=module -e "$1"';

test.runIf(existsSync('/dev/full'))('output to a disk without room does not end the process', () => {
  expect(run(`${start} >/dev/full 2>/dev/full`)).toBe(7);
});

test('output to a reader that has gone does not end the process', () => {
  expect(run(`${start} 2>/dev/null | true; exit \${PIPESTATUS[0]}`)).toBe(7);
});
