import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '@openfrs/core';
import { workerRestarts } from '@openfrs/core/observation';
import { StartupError, sdkVariables, startEmbedded } from '@openfrs/embedded';
import type { Part, Service } from '@openfrs/service';
import { createClients, dynamodbAccounts, isAws, missingStores, storeNames } from '@openfrs/store';
import { readCredentials, writeCredentials } from '../credentials.ts';
import { expiryOfUploads, prepareStores, settingsOfStores, storesHealth } from '../embedded-stores.ts';
import { startEnrolment } from '../enrolment/enrolment.ts';
import { watchBucket } from '../enrolment/watcher.ts';
import type { Health } from '../health.ts';
import {
  type MaintenanceThread,
  maintenanceThread,
  maintenanceThreadOf,
} from '../maintenance/maintenance-thread.ts';
import { checkKeyText, checkSecretKey } from '../secret-key.ts';

/** What a server stands on. */
export interface ServeStores {
  /** With what the stores add to it. */
  readonly config: Config;
  health(): Health;
  readonly maintenance: Part<'maintenanceThread', MaintenanceThread>;
  /** Begins what goes on beside requests. @returns what ends it, while the service is still open */
  begin(service: Service): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** @throws StartupError one sentence: a table or bucket is missing, the key is wrong, an engine can't be reached */
export async function engineStores(config: Config): Promise<ServeStores> {
  checkKeyText(config.secretKey);
  const owner = randomUUID();
  const clients = createClients(config.aws);
  try {
    const { tables, buckets } = await missingStores(clients, storeNames(config)).catch(
      (error: unknown): never => {
        throw new StartupError(`The stores can't be reached: ${messageOf(error)}.`, { cause: error });
      },
    );
    const missing = [
      ...tables.map((name) => `the table ${name}`),
      ...buckets.map((name) => `the bucket ${name}`),
    ];
    if (missing.length > 0) {
      throw new StartupError(`${missing.join(', ')}: not there. \`openfrs setup\` makes what is missing.`);
    }
    await checkSecretKey(config.secretKey, dynamodbAccounts(clients.dynamodb, config.accountsTable));
  } finally {
    clients.destroy();
  }
  return {
    config,
    maintenance: maintenanceThreadOf(owner),
    health: () => ({ status: 'ok' }),
    // S3 of AWS tells a queue, and that a function.
    begin: async (service) => (isAws(config.aws.s3Endpoint) ? async () => {} : watchBucket(service, owner)),
    stop: async () => {},
  };
}

/** The SDK's errors of connections have no message of their own. */
function messageOf(error: unknown): string {
  const { message, code, name } = error as Error & { readonly code?: string };
  return [message, code, name].find(Boolean) ?? String(error);
}

/** DynamoDB and S3 on 127.0.0.1 in this process, kept in FRS_DATA_DIR. @throws StartupError */
export async function embeddedStores(config: Config, endpoint: string, port: number): Promise<ServeStores> {
  const { dataDir } = config;
  const credentialsFile = join(dataDir, 'credentials.env');
  const kept = await readCredentials(credentialsFile);
  const held = Object.keys(kept).length > 0;
  const stores = await startEmbedded({
    dir: dataDir,
    held,
    s3Port: config.port === 0 ? 0 : port + 1,
    dynamodbPort: config.port === 0 ? 0 : port + 2,
    onRestart: () => workerRestarts.publish({ worker: 'stores' }),
    expiry: expiryOfUploads(config),
    counters: [config.limitsTable],
  });
  try {
    const settings = settingsOfStores(config, stores);
    const secretKey = await prepareStores(settings, held);
    // By this the command line finds the stores; an account that `npm start` made stays in it.
    await writeCredentials(credentialsFile, {
      ...kept,
      FRS_ENDPOINT: endpoint,
      FRS_BUCKET: config.mediaBucket,
      ...sdkVariables(stores),
    });
    return {
      config: { ...settings, secretKey },
      health: () => storesHealth(stores),
      maintenance: maintenanceThread,
      begin: async (service) => {
        await startEnrolment(stores, service);
        return () => stores.stopEvents();
      },
      stop: () => stores.stop(),
    };
  } catch (error) {
    await stores.stop();
    throw error;
  }
}
