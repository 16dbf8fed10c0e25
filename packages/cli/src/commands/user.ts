import { createUser, removeUser, setOperator, setPassword, type User } from '@openfrs/core';
import type { Command } from 'commander';
import { readLine, type Terminal } from '../terminal/terminal.ts';
import { type Arguments, type CommandDefinition, group, type Session } from './command.ts';
import { domainOf, domainOption, userOf } from './resolve-names.ts';

const shown = ({ name, id, domainId, enabled, isOperator = false }: User) => ({
  ...{ name, id, domainId, enabled },
  operator: isOperator,
});
const passwordOption = [
  '--password-stdin',
  'read the password from the standard input (default: one is made up and shown once)',
] as const;

export function userCommands(program: Command, session: Session): void {
  group(program, session, 'user', 'Users: who signs in and owns access keys', [
    {
      usage: 'list',
      summary: 'List the users of a domain',
      options: [domainOption],
      run: async (stores, args) => ({
        rows: (await stores.accounts().users((await domainOf(stores, args)).id)).map(shown),
        empty: 'No user in this domain.',
      }),
    },
    {
      usage: 'show <user>',
      summary: 'Show a user',
      options: [domainOption],
      run: async (stores, args) => ({ record: shown(await userOf(stores, args)) }),
    },
    {
      usage: 'create <user>',
      summary: 'Make a user of a domain',
      options: [domainOption, passwordOption],
      async run(stores, args, terminal) {
        const given = await givenPassword(args, terminal);
        const domain = await domainOf(stores, args);
        const { user, password } = await createUser(domain, args.one('user'), given, stores.accounts());
        return withPassword(user, given, password);
      },
    },
    {
      usage: 'set-password <user>',
      summary: "Change a user's password, which ends the tokens got with the old one",
      options: [domainOption, passwordOption],
      async run(stores, args, terminal) {
        const given = await givenPassword(args, terminal);
        const { user, password } = await setPassword(await userOf(stores, args), given, stores.accounts());
        return withPassword(user, given, password);
      },
    },
    setEnabled('enable', true, 'Let a user in again'),
    setEnabled('disable', false, 'Let a user in no more: tokens and keys stop working within a minute'),
    operatorRight('grant-operator', true, 'Let a user manage the accounts of all domains in the console'),
    operatorRight('revoke-operator', false, 'Let a user manage accounts no more, within two seconds'),
    {
      usage: 'delete <user>',
      summary: 'Remove a user and its access keys',
      options: [domainOption],
      async run(stores, args) {
        const user = await userOf(stores, args);
        await removeUser(user, stores.accounts(), stores.tokenUses());
        return { done: `The user "${user.name}" and its keys are removed.`, record: shown(user) };
      },
    },
  ]);
}

function setEnabled(name: string, enabled: boolean, summary: string): CommandDefinition {
  return {
    usage: `${name} <user>`,
    summary,
    options: [domainOption],
    async run(stores, args) {
      const { id } = await userOf(stores, args);
      const changed = await stores.accounts().changeUser(id, (user) => ({ ...user, enabled }));
      return { record: shown(changed) };
    },
  };
}

function operatorRight(name: string, allowed: boolean, summary: string): CommandDefinition {
  return {
    usage: `${name} <user>`,
    summary,
    options: [domainOption],
    async run(stores, args) {
      return { record: shown(await setOperator(await userOf(stores, args), allowed, stores.accounts())) };
    },
  };
}

async function givenPassword(args: Arguments, { stdin }: Terminal): Promise<string | undefined> {
  return args.flag('passwordStdin') ? await readLine(stdin) : undefined;
}

function withPassword(user: User, given: string | undefined, password: string) {
  if (given !== undefined) return { record: shown(user) };
  return { record: { ...shown(user), password }, note: 'The password is not shown again.' };
}
