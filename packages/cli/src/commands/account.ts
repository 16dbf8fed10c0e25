import { createAccount } from '@openfrs/core';
import type { Command } from 'commander';
import { readLine } from '../terminal/terminal.ts';
import { group, type Session } from './command.ts';

export function accountCommands(program: Command, session: Session): void {
  group(program, session, 'account', 'Whole accounts: domain, user, project and access key', [
    {
      usage: 'create <domain>',
      summary: 'Make a domain with its first user, project and access key',
      options: [
        ['--user <name>', 'the user (default: the name of the domain)'],
        [
          '--project <name>',
          'the project; clients look it up by the name of their region (default: openfrs)',
        ],
        ['--bucket <name...>', 'buckets that image_url may read'],
        ['--password-stdin', 'read the password from the standard input (default: one is made up)'],
      ],
      async run(stores, args, terminal) {
        const domain = args.one('domain');
        const made = await createAccount(
          {
            domain,
            user: args.maybe('user') ?? domain,
            project: args.maybe('project') ?? 'openfrs',
            buckets: args.many('bucket'),
            ...(args.flag('passwordStdin') && { password: await readLine(terminal.stdin) }),
          },
          { accounts: stores.accounts(), secrets: stores.secrets() },
        );
        return { record: { ...made }, note: 'The password and the SK are not shown again.' };
      },
    },
  ]);
}
