import {
  type AccessKey,
  type AccessKeyPair,
  accessKeyOf,
  createAccessKey,
  resealAccessKey,
  rotateAccessKey,
} from '@openfrs/core';
import type { Command } from 'commander';
import type { Stores } from '../stores.ts';
import { type Arguments, type CommandDefinition, group, type Session } from './command.ts';
import { domainOf, domainOption, userOf, userOption } from './resolve-names.ts';

const shown = ({ id, userId, domainId, enabled }: AccessKey) => ({ ak: id, userId, domainId, enabled });
const once = (pair: AccessKeyPair) => ({ record: { ...pair }, note: 'The SK is not shown again.' });

export function keyCommands(program: Command, session: Session): void {
  group(program, session, 'key', 'Access keys (AK/SK) that requests are signed with', [
    {
      usage: 'list',
      summary: 'List the access keys of a user, or of all users of a domain',
      options: [userOption, domainOption],
      run: async (stores, args) => ({
        rows: (await keysOf(stores, args)).map(shown),
        empty: 'No access key.',
      }),
    },
    {
      usage: 'show <ak>',
      summary: 'Show whose an access key is, and whether it works',
      run: async (stores, args) => ({ record: shown(await accessKeyOf(args.one('ak'), stores.accounts())) }),
    },
    {
      usage: 'create <user>',
      summary: 'Make an access key for a user; its SK is shown this once',
      options: [domainOption],
      async run(stores, args) {
        const user = await userOf(stores, args);
        return once(await createAccessKey(user, { accounts: stores.accounts(), secrets: stores.secrets() }));
      },
    },
    {
      usage: 'rotate <ak>',
      summary: 'Make a new access key for the owner of this one, which is disabled',
      async run(stores, args) {
        const old = await accessKeyOf(args.one('ak'), stores.accounts());
        return once(await rotateAccessKey(old, { accounts: stores.accounts(), secrets: stores.secrets() }));
      },
    },
    setEnabled('enable', true, 'Let an access key work again'),
    setEnabled('disable', false, 'Let an access key work no more, within a minute'),
    {
      usage: 'delete <ak>',
      summary: 'Remove an access key',
      async run(stores, args) {
        const key = await accessKeyOf(args.one('ak'), stores.accounts());
        await stores.accounts().removeAccessKey(key.id);
        return { done: `The access key "${key.id}" is removed.`, record: shown(key) };
      },
    },
    {
      usage: 'reseal',
      summary: 'Seal the SKs of a domain under the first key of FRS_SECRET_KEY, so that older ones can go',
      options: [domainOption],
      async run(stores, args) {
        const keys = await keysOf(stores, args);
        const deps = { accounts: stores.accounts(), secrets: stores.secrets() };
        for (const key of keys) await resealAccessKey(key, deps);
        return { done: `${keys.length} access keys are sealed anew.`, record: { resealed: keys.length } };
      },
    },
  ]);
}

async function keysOf(stores: Stores, args: Arguments): Promise<AccessKey[]> {
  const accounts = stores.accounts();
  const user = args.maybe('user');
  if (user !== undefined) return await accounts.accessKeys((await userOf(stores, args, user)).id);
  const users = await accounts.users((await domainOf(stores, args)).id);
  return (await Promise.all(users.map(({ id }) => accounts.accessKeys(id)))).flat();
}

function setEnabled(name: string, enabled: boolean, summary: string): CommandDefinition {
  return {
    usage: `${name} <ak>`,
    summary,
    async run(stores, args) {
      const { id } = await accessKeyOf(args.one('ak'), stores.accounts());
      const changed = await stores.accounts().changeAccessKey(id, (key) => ({ ...key, enabled }));
      return { record: shown(changed) };
    },
  };
}
