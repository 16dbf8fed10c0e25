import type { Quotas } from '@openfrs/core';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import { type Arguments, group, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { change } from './project.ts';
import { domainOption, projectOf } from './resolve-names.ts';

export function quotaCommands(program: Command, session: Session): void {
  group(program, session, 'quota', 'Quotas of a project', [
    {
      usage: 'show <project>',
      summary: 'Show the quotas of a project',
      options: [domainOption],
      run: async (stores, args) => ({ record: { ...(await projectOf(stores, args)).quotas } }),
    },
    change(
      'set <project>',
      'Change quotas of a project; those that are not given stay',
      ({ quotas }, args) => ({ quotas: { ...quotas, ...given(args) } }),
      [
        ['--face-sets <number>', 'face sets of the project'],
        ['--face-set-capacity <number>', 'largest capacity of a set: a multiple of 10000 up to 1000000'],
        ['--requests-per-minute <number>', 'requests a minute and operation; 0: unlimited'],
      ],
    ),
  ]);
}

function given(args: Arguments): Partial<Quotas> {
  const names = ['faceSets', 'faceSetCapacity', 'requestsPerMinute'] as const;
  const quotas = Object.fromEntries(
    names.flatMap((name) => {
      const text = args.maybe(name);
      return text === undefined ? [] : [[name, numberOf(text, 'The quota')]];
    }),
  );
  if (Object.keys(quotas).length === 0)
    throw new CliError('Say which quota to set: see openfrs quota set --help.');
  return quotas;
}
