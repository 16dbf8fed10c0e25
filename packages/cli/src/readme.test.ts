import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { run } from './program.ts';

it('every command in the README exists, with its options', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const commands = readme.split('\n').filter((line) => line.startsWith('openfrs '));
  expect(commands.length).toBeGreaterThan(20);
  for (const command of commands) {
    const argv = command.split(' ').slice(1);
    let help = '';
    const screen = { write: (text: string) => (help += text) };
    const code = await run([...argv, '--help'], {
      environment: {},
      stdin: Readable.from([]),
      stdout: screen,
      stderr: screen,
    });
    expect([command, code]).toEqual([command, 0]);
    for (const option of argv.filter((word) => word.startsWith('--'))) {
      expect([command, help]).toEqual([command, expect.stringContaining(option)]);
    }
  }
});
