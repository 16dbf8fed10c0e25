import type { Server } from 'node:http';
import { join } from 'node:path';
import { createDynamoDbServer } from './dynamodb/server.ts';
import { isWanted, notification } from './events/notification.ts';
import { Outbox } from './events/outbox.ts';
import { keepChecking } from './keep-checking.ts';
import { StorageState } from './level/storage-state.ts';
import { closeServer, listen } from './listen.ts';
import type { FromStores, StoresConfig, ToStores } from './messages.ts';
import { closeLevels, openLevels, upgradeDataFolder } from './open-levels.ts';
import { keepExpiring } from './s3/expiry.ts';
import { createS3Server } from './s3/server.ts';
import { Blobs } from './s3/storage/blobs.ts';
import { Store } from './s3/store.ts';

/**
 * Opens both stores, serves them and tells their ports.
 * @returns takes what the process asks for
 * @throws StartupError a port is taken; others where a store can't be opened
 */
export async function serveStores(
  config: StoresConfig,
  post: (message: FromStores) => void,
): Promise<(message: ToStores) => Promise<void>> {
  let filters = config.filters;
  const levelOptions = { flush: config.flush, onFailure: (error: unknown) => storage.failed(error) };
  const storage = new StorageState(config.dir, (reason) => post({ kind: 'storage', reason }));
  const blobs = new Blobs(join(config.dir, 's3', 'blobs'), config.flush);
  const levels = await openLevels(config.dir, levelOptions);
  await upgradeDataFolder(config.dir, levels, blobs);
  const store = new Store(
    levels.catalog,
    blobs,
    (change) => {
      const wanted = filters.some((filter) => isWanted(filter, change.bucket, change.key));
      return wanted ? JSON.stringify(notification(change, config.credentials.region)) : undefined;
    },
    () => void outbox.pump(),
  );
  const outbox = new Outbox(store.catalog, (id, body) =>
    post({ kind: 'event', id, event: JSON.parse(body) }),
  );
  const regular: (() => void)[] = [];
  const servers = await start();

  return async (message) => {
    switch (message.kind) {
      case 'filters':
        filters = message.filters;
        post({ kind: 'filters-set' });
        return;
      case 'acknowledge':
        // What can't be forgotten now comes again with the next start.
        await outbox.acknowledge(message.id).catch((error: unknown) => storage.failed(error));
        return;
      case 'stop':
        storage.stop();
        for (const end of regular) end();
        await Promise.all(servers.map(closeServer));
        await closeLevels(config.dir, levels);
        post({ kind: 'stopped' });
    }
  };

  async function start(): Promise<Server[]> {
    await store.open();
    const { server: dynamodb, reopen } = await createDynamoDbServer(
      levels.tables,
      config.credentials,
      config.counters,
    );
    storage.onRecovery(reopen);
    const s3 = createS3Server(store, config.credentials, storage);
    const dynamodbPort = await listen(dynamodb, config.dynamodbPort, 'DynamoDB');
    const s3Port = await listen(s3, config.s3Port, 'S3');
    post({ kind: 'ready', dynamodbPort, s3Port });
    regular.push(keepExpiring(store, config.expiry), keepChecking(config.dir, store));
    await outbox.pump();
    return [dynamodb, s3];
  }
}
