import { execFileSync } from 'node:child_process';
import { quotaLimits } from '@openfrs/core';
import { expect, test } from 'vitest';
import type { DomainReport } from '../api/operator.ts';
import { commandsOf } from './commands.ts';

const empty: DomainReport = {
  id: 'd',
  name: 'acme',
  enabled: true,
  users: [],
  keys: [],
  projects: [],
  tokens: [],
  quotaLimits,
};

/** The words that a shell hands to `npx`. */
const wordsOf = (command: string) =>
  execFileSync('sh', ['-c', `npx() { printf '%s\\n' "$@"; }; ${command}`])
    .toString()
    .trimEnd()
    .split('\n');

test('a domain with nothing in it has the commands that list', () => {
  expect(commandsOf(empty)).toEqual([
    'npx openfrs user list --domain acme',
    'npx openfrs key list --domain acme',
    'npx openfrs token list --domain acme',
  ]);
});

test('a shell reads names back as they are, whatever they hold', () => {
  const name = "O'Brien & $(id) 张三";
  const users = [{ id: 'u', name, enabled: true, isOperator: false }];
  const commands = commandsOf({ ...empty, name, users, keys: [{ ak: 'AK1', userId: 'u', enabled: true }] });
  expect(commands.map(wordsOf).slice(3)).toEqual([
    ['openfrs', 'key', 'create', name, '--domain', name],
    ['openfrs', 'key', 'disable', 'AK1'],
  ]);
});
