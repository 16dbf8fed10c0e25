import { readConfig } from '@openfrs/core';
import type { Command } from 'commander';
import { addCommand, type Session } from './command.ts';

export function serveCommands(program: Command, session: Session): void {
  program
    .command('serve')
    .description(
      'Serve the API until the process is told to stop: on the engines that AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_S3 name, else on stores of its own in FRS_DATA_DIR',
    )
    .addHelpText('after', '\nEverything is set by environment variables: packages/docs/settings.md.')
    .action(async () => {
      // Native modules and models: no other command waits for them.
      const { runServer } = await import('@openfrs/server/serve');
      const { environment } = session.terminal;
      session.failed = (await runServer({ environment, host: '127.0.0.1' })) !== 0;
    });
  addCommand(program, session, {
    usage: 'setup',
    summary: 'Make the tables and buckets that the settings name and that are not there yet',
    async runWithoutStores() {
      const [{ readSecretFiles }, { createBuckets, createClients, createTables, missingStores, storeNames }] =
        await Promise.all([import('@openfrs/service'), import('@openfrs/store')]);
      const config = readConfig(readSecretFiles(session.terminal.environment));
      const names = storeNames(config);
      const clients = createClients(config.aws);
      try {
        const missing = await missingStores(clients, names);
        await createTables(clients.dynamodb, missing.tables);
        await createBuckets(clients.s3, missing.buckets);
        const made = (name: string) =>
          [...missing.tables, ...missing.buckets].includes(name) ? 'made' : 'there';
        return {
          rows: [
            ...names.tables.map((name) => ({ kind: 'table', name, state: made(name) })),
            ...names.buckets.map((name) => ({ kind: 'bucket', name, state: made(name) })),
          ],
        };
      } finally {
        clients.destroy();
      }
    },
  });
}
