import { createDomain, type Domain, domainNamed } from '@openfrs/core';
import type { Command } from 'commander';
import { type CommandDefinition, group, type Session } from './command.ts';

const shown = ({ name, id, enabled }: Domain) => ({ name, id, enabled });

export function domainCommands(program: Command, session: Session): void {
  group(program, session, 'domain', 'Domains: the accounts that own users and projects', [
    {
      usage: 'list',
      summary: 'List the domains',
      run: async (stores) => ({
        rows: (await stores.accounts().domains()).map(shown),
        empty: 'No domain yet.',
      }),
    },
    {
      usage: 'show <domain>',
      summary: 'Show a domain',
      run: async (stores, args) => ({
        record: shown(await domainNamed(args.one('domain'), stores.accounts())),
      }),
    },
    {
      usage: 'create <domain>',
      summary: 'Make a domain without users and projects',
      run: async (stores, args) => ({
        record: shown(await createDomain(args.one('domain'), stores.accounts())),
      }),
    },
    setEnabled('enable', true, 'Let the users of a domain in again'),
    setEnabled('disable', false, 'Let no user of a domain in any more'),
  ]);
}

function setEnabled(name: string, enabled: boolean, summary: string): CommandDefinition {
  return {
    usage: `${name} <domain>`,
    summary,
    async run(stores, args) {
      const { id } = await domainNamed(args.one('domain'), stores.accounts());
      const changed = await stores.accounts().changeDomain(id, (domain) => ({ ...domain, enabled }));
      return { record: shown(changed) };
    },
  };
}
