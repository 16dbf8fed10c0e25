import type { Command } from 'commander';
import { addCommand, type Session } from './command.ts';

/** After a deployment of a newer version. */
export function migrateCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'migrate',
    summary: 'Bring the tables to the layout of this version; may be cut off and run again',
    async run({ clients, config }) {
      const { migrate } = await import('@openfrs/store');
      const rows = [];
      for (const table of [config.dataTable, config.accountsTable]) {
        const { from, to } = await migrate(clients().dynamodb, table);
        rows.push({ table, before: from ?? 'unmarked', now: to });
      }
      return { rows, empty: '' };
    },
  });
}
