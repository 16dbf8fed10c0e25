import { type ApiToken, apiTokenOf, createApiToken, revokeApiToken } from '@openfrs/core';
import type { Command } from 'commander';
import { group, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { domainOf, domainOption, onlyProjectOf, onlyUserOf, userOption } from './resolve-names.ts';

const DAYS = 90;

/** As lists show it: never the secret, nor its hash. */
const shown = ({ id, name, userId, projectId, readOnly, faceSets, createdAt, expiresAt }: ApiToken) => ({
  id,
  name,
  userId,
  projectId,
  access: readOnly ? 'read' : 'read and write',
  faceSets: faceSets ?? 'all',
  createdAt,
  expiresAt,
});

export function tokenCommands(program: Command, session: Session): void {
  group(program, session, 'token', 'API tokens: for curl and scripts, with less than their user may do', [
    {
      usage: 'create',
      summary: 'Make a token for the header X-Auth-Token; it is shown this once',
      options: [
        ['--name <name>', 'what it is for, as lists show it'],
        ['--days <number>', `how long it is good for (default ${DAYS})`],
        ['--read-only', 'no operation that writes: lists, detect, compare, search and liveness'],
        ['--set <name...>', 'of the face sets, these only'],
        ['--project <project>', 'the project; not needed where there is one only'],
        ['--user <name>', 'the user; not needed where there is one only'],
        domainOption,
      ],
      async run(stores, args) {
        const [user, project] = [await onlyUserOf(stores, args), await onlyProjectOf(stores, args)];
        const days = numberOf(args.maybe('days') ?? String(DAYS), 'The days');
        const { token, text } = await createApiToken(
          user,
          project,
          {
            name: args.maybe('name') ?? 'token',
            days,
            readOnly: args.flag('readOnly'),
            faceSets: args.many('set'),
          },
          { accounts: stores.accounts() },
        );
        return { record: { ...shown(token), token: text }, note: 'The token is not shown again.' };
      },
    },
    {
      usage: 'list',
      summary: 'List the tokens of a domain, or of one user, with their last use (to ten minutes)',
      options: [userOption, domainOption],
      async run(stores, args) {
        const accounts = stores.accounts();
        const users =
          args.maybe('user') === undefined
            ? await accounts.users((await domainOf(stores, args)).id)
            : [await onlyUserOf(stores, args)];
        const tokens = (await Promise.all(users.map(({ id }) => accounts.apiTokens(id)))).flat();
        const uses = await stores.tokenUses().lastUses(tokens.map(({ id }) => id));
        return {
          rows: tokens.map((token) => ({ ...shown(token), lastUse: uses.get(token.id)?.toISOString() })),
          empty: 'No token.',
        };
      },
    },
    {
      usage: 'revoke <token>',
      summary: 'End a token, by its id or by all of its text; within two seconds it opens nothing',
      async run(stores, args) {
        const token = await apiTokenOf(args.one('token'), stores.accounts());
        await revokeApiToken(token, stores.accounts(), stores.tokenUses());
        return { done: `The token "${token.name}" is revoked.`, record: shown(token) };
      },
    },
  ]);
}
