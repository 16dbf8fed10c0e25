import { join, resolve } from 'node:path';
import { secretKeys } from '@openfrs/core';
import { readConfig } from '@openfrs/core/config.ts';
import { type EmbeddedStores, sdkVariables, startEmbedded } from '@openfrs/embedded';
import { closeServer, listen } from '@openfrs/embedded/listen.ts';
import { isBusy } from '@openfrs/http';
import { ensureModels } from '@openfrs/models/ensure.ts';
import { createBuckets, createTables, dynamodbAccounts } from '@openfrs/store';
import { chores } from '../../../functions/wiring/chores.ts';
import { clients } from '../../../functions/wiring/clients.ts';
import { faceSets } from '../../../functions/wiring/face-sets.ts';
import { gateway } from '../../../functions/wiring/gateway.ts';
import { keyDerivation } from '../../../functions/wiring/logins.ts';
import { closeAll, provide } from '../../../functions/wiring/once.ts';
import { openConsole } from './console.ts';
import { type LocalCredentials, readCredentials, writeCredentials } from './credentials.ts';
import { developerAccount, secretsOr } from './developer-account.ts';
import { allDoors } from './doors.ts';
import { startEnrolment } from './enrolment/enrolment.ts';
import { setEnvironment } from './environment.ts';
import { Front } from './front.ts';
import { collectWhenIdle } from './memory/idle-collection.ts';
import { keepMemory } from './memory/memory.ts';
import { startPasswordThread } from './passwords/password-thread.ts';
import { keptSecretKey } from './secret-key.ts';
import { startUpkeep } from './upkeep/upkeep.ts';
import { openVision } from './vision/open.ts';

export interface LocalOptions {
  /** Where everything is kept; FRS_DATA_DIR or `.data` if absent. */
  readonly dataDir?: string;
  /** 0: any free one. PORT or 8080 if absent. */
  readonly port?: number;
  /** The one after `port` if absent, and DynamoDB's the one after that; any free ones where `port` is 0. */
  readonly s3Port?: number;
  /** Also the web console at `/`, whose pages are built first where that is needed; not by default. */
  readonly console?: boolean;
  /** Told in a few words what takes time. */
  readonly onProgress?: (message: string) => void;
}

export interface LocalServer {
  readonly endpoint: string;
  readonly s3Endpoint: string;
  readonly credentials: LocalCredentials;
  /** Where the web console is, if it is open. */
  readonly console?: string;
  /** The file with the credentials. */
  readonly credentialsFile: string;
  readonly dataDir: string;
  /** Lets requests under way end (15 s at most) and closes the stores. */
  stop(): Promise<void>;
}

/** The account and the region that the developer starts with; FRS_REGION and FRS_BUCKET change the latter two. */
const names = { domain: 'openfrs', user: 'developer', region: 'cn-north-4' };

/** The slowest request, a video of 15 s, takes less on an idle machine. */
const requestGraceMs = 15_000;

const dayMs = 24 * 3_600_000;

/**
 * The whole service in this process, on 127.0.0.1: stores, models, the developer's account and every operation's door.
 * One at a time in a process: the doors take their settings from the environment, which is set here until `stop`.
 * @throws StartupError and others whose message says in one sentence what to mend
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalServer> {
  const config = readConfig();
  const dataDir = resolve(options.dataDir ?? config.dataDir);
  const port = options.port ?? config.port;
  const front = new Front();
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    // Requests under way still need everything behind the front.
    await closeServer(front.server, requestGraceMs);
    for (const step of undo.splice(0).reverse()) await step();
  };
  const bound = await listen(front.server, port, 'the service');
  try {
    const credentialsFile = join(dataDir, 'credentials.env');
    const kept = await readCredentials(credentialsFile);
    const stores = await startEmbedded({
      dir: dataDir,
      // Written last at a first start.
      held: Boolean(kept.FRS_PROJECT_ID),
      s3Port: options.s3Port ?? (port === 0 ? 0 : port + 1),
      dynamodbPort: port === 0 ? 0 : port + 2,
      // As the cloud's lifecycle rules (`packages/infra/src/storage.ts`): media that clients upload are kept for a day.
      expiry: [{ bucket: config.mediaBucket, prefix: 'uploads/', afterMs: dayMs }],
    });
    undo.push(() => stores.stop());
    const endpoint = `http://127.0.0.1:${bound}`;
    undo.push(
      setEnvironment({
        ...sdkVariables(stores),
        FRS_MEDIA_HOSTS: mediaHosts(stores),
      }),
    );
    undo.push(closeAll);
    const derivation = startPasswordThread();
    provide(keyDerivation, derivation);
    await ensureModels({
      dir: config.modelsDir,
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
    const { dynamodb, s3 } = clients();
    await createTables(dynamodb, [config.dataTable, config.accountsTable, config.limitsTable]);
    const accounts = dynamodbAccounts(dynamodb, config.accountsTable);
    const secretKey = await keptSecretKey({
      file: join(dataDir, 'secret.key'),
      given: config.secretKey,
      accounts,
      hasCredentials: Object.keys(kept).length > 0,
    });
    undo.push(setEnvironment({ FRS_SECRET_KEY: secretKey }));
    // It takes a while, and nothing before the first request needs it. It reads the settings, which are kept from then on:
    // all of the environment has to be set before.
    const looking = openVision();
    looking.catch(() => {});
    await createBuckets(s3, [config.indexBucket, config.mediaBucket]);
    const { FRS_PASSWORD: password, FRS_AK: ak, FRS_SK: sk } = kept;
    const secrets = secretsOr({ ...(password && { password }), ...(ak && { ak }), ...(sk && { sk }) });
    const credentials = {
      FRS_ENDPOINT: endpoint,
      FRS_REGION: process.env.FRS_REGION || kept.FRS_REGION || names.region,
      FRS_DOMAIN: names.domain,
      FRS_USER: names.user,
      FRS_PASSWORD: secrets.password,
      FRS_AK: secrets.ak,
      FRS_SK: secrets.sk,
      FRS_BUCKET: config.mediaBucket,
      ...sdkVariables(stores),
    };
    // Before the account is made: if this start is cut off, the next one finishes it with the same secrets.
    await writeCredentials(credentialsFile, credentials);
    const FRS_PROJECT_ID = await developerAccount(
      { domain: names.domain, user: names.user, project: credentials.FRS_REGION, bucket: config.mediaBucket },
      secrets,
      { accounts, secrets: secretKeys(secretKey), derivation },
    );
    const complete = { ...credentials, FRS_PROJECT_ID };
    await writeCredentials(credentialsFile, complete);
    const upkeep = startUpkeep();
    undo.push(() => upkeep.stop());
    provide(chores, upkeep.take);
    await startEnrolment(stores, config.mediaBucket);
    undo.push(() => stores.stopEvents());
    const console = options.console
      ? await openConsole(config.modelsDir, options.onProgress ?? (() => {}))
      : undefined;
    if (console) undo.push(() => console.close());
    const doors = await allDoors(console?.app);
    await looking;
    front.open(doors, () => {
      const reason = stores.storageFault();
      return reason === undefined
        ? { status: 'ok' }
        : { status: 'degraded', reason: `nothing can be written: ${reason}` };
    });
    undo.push(collectWhenIdle({ isBusy: () => isBusy(gateway().admission) }));
    const memory = keepMemory(faceSets(), join(dataDir, 'in-memory.json'));
    undo.push(() => memory.stop());
    return {
      endpoint,
      s3Endpoint: stores.s3Endpoint,
      ...(console && { console: `${endpoint}/` }),
      credentials: complete,
      credentialsFile,
      dataDir,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The embedded S3 under both of its names. */
function mediaHosts(stores: EmbeddedStores): string {
  const { port } = new URL(stores.s3Endpoint);
  return `127.0.0.1:${port},localhost:${port}`;
}
