import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { runCommand } from '../../../../test/support/run-command.ts';

async function script(shell: string): Promise<string> {
  const { out } = await runCommand(['completion', shell], {});
  return out;
}

/** What bash would offer for a line; its last word may be begun. */
async function offered(...line: string[]): Promise<string[]> {
  const words = ['openfrs', ...line].map((word) => `'${word}'`).join(' ');
  const body = `${await script('bash')}\nCOMP_WORDS=(${words}); COMP_CWORD=${line.length}; _openfrs; echo "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', body], { encoding: 'utf8', cwd: import.meta.dirname })
    .trim()
    .split(' ');
}

it('offers groups, commands and options where they may stand', async () => {
  expect(await offered('us')).toEqual(['user']);
  expect(await offered('user', 'set')).toEqual(['set-password']);
  expect(await offered('user', 'create', 'bob', '--d')).toEqual(['--domain']);
  expect(await offered('quota', 'set', '--face-sets', '3', '--req')).toEqual(['--requests-per-minute']);
});

it('offers files where nothing of its own fits', async () => {
  expect(await offered('detect', 'completion.te')).toEqual(['completion.test.ts']);
});

it('is a script for other shells too, and for no unknown one', async () => {
  expect(await script('fish')).toContain(
    "complete -c openfrs -n '__fish_seen_subcommand_from user' -a 'list show",
  );
  expect(await script('zsh')).toContain('bashcompinit');
  expect(await runCommand(['completion', 'cmd'], {})).toMatchObject({
    code: 1,
    err: 'There is completion for bash, zsh and fish.\n',
  });
});
