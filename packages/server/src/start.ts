import { join, resolve } from 'node:path';
import { createUsageCounter } from '@openfrs/console';
import { readConfig } from '@openfrs/core';
import { workerRestarts } from '@openfrs/core/observation';
import { closeServer, listen, sdkVariables, startEmbedded } from '@openfrs/embedded';
import { isBusy, type OnRequest, writeAuditLine } from '@openfrs/http';
import { selectionNotes } from '@openfrs/models';
import { ensureModels } from '@openfrs/models/ensure';
import { allOperations, createService, type Overrides, parts, type Service } from '@openfrs/service';
import { openConsole } from './console.ts';
import { type LocalCredentials, readCredentials, writeCredentials } from './credentials.ts';
import { developerAccount, secretsOr } from './developer-account.ts';
import { expiryOfUploads, prepareStores, settingsOfStores, storesHealth } from './embedded-stores.ts';
import { startEnrolment } from './enrolment/enrolment.ts';
import { HttpListener } from './http-listener.ts';
import { maintenanceThread } from './maintenance/maintenance-thread.ts';
import { collectWhenIdle } from './memory/idle-collection.ts';
import { keepCacheWarm } from './memory/warm-cache.ts';
import { startPasswordThread } from './passwords/password-thread.ts';
import { serverApp } from './server-app.ts';
import { Shutdown } from './shutdown.ts';
import { visionPool, visionWorkers } from './vision/vision-workers.ts';

export interface LocalOptions {
  /** The settings; the process's own environment if absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where everything is kept; FRS_DATA_DIR or `.data` if absent. */
  readonly dataDir?: string;
  /** 0: any free one. PORT or 8080 if absent. */
  readonly port?: number;
  /** The one after `port` if absent, and DynamoDB's the one after that; any free ones where `port` is 0. */
  readonly s3Port?: number;
  /** Also the web console at `/`, whose pages are built first where that is needed; not by default. */
  readonly console?: boolean;
  /** Parts in the place of this host's own, for tests. */
  readonly overrides?: Overrides;
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
  /** What answers; closed by `stop`. */
  readonly service: Service;
  /** Lets requests under way end (15 s at most) and closes the stores. */
  stop(): Promise<void>;
}

/** The account and the region that the developer starts with; FRS_REGION and FRS_BUCKET change the latter two. */
const names = { domain: 'openfrs', user: 'developer', region: 'cn-north-4' };

/** The slowest request, a video of 15 s, takes less on an idle machine. */
const requestGraceMs = 15_000;

/**
 * The whole service in this process, on 127.0.0.1: stores, models, the developer's account and every operation.
 * @throws StartupError and others whose message says in one sentence what to mend
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalServer> {
  const given = readConfig(options.environment);
  const dataDir = resolve(options.dataDir ?? given.dataDir);
  const port = options.port ?? given.port;
  const usage = createUsageCounter();
  let answered = 0;
  const onRequest: OnRequest = (line) => {
    answered += 1;
    writeAuditLine(line);
    if (options.console) usage.take(line);
  };
  const listener = new HttpListener({ ...given, tls: undefined }, onRequest);
  const shutdown = new Shutdown();
  const stop = async () => {
    // Requests under way still need everything behind the listener.
    await closeServer(listener.server, requestGraceMs);
    await shutdown.run();
  };
  const bound = await listen(listener.server, port, 'the service');
  try {
    const credentialsFile = join(dataDir, 'credentials.env');
    const kept = await readCredentials(credentialsFile);
    const stores = await startEmbedded({
      dir: dataDir,
      // Written last at a first start.
      held: Boolean(kept.FRS_PROJECT_ID),
      s3Port: options.s3Port ?? (port === 0 ? 0 : port + 1),
      dynamodbPort: port === 0 ? 0 : port + 2,
      onRestart: () => workerRestarts.publish({ worker: 'stores' }),
      expiry: expiryOfUploads(given),
      counters: [given.limitsTable],
    });
    shutdown.add(() => stores.stop());
    const endpoint = `http://127.0.0.1:${bound}`;
    const settings = settingsOfStores({ ...given, dataDir }, stores);
    await ensureModels({
      dir: given.modelsDir,
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
    for (const note of await selectionNotes({ dir: given.modelsDir })) options.onProgress?.(note);
    const secretKey = await prepareStores(settings, Object.keys(kept).length > 0);
    const config = { ...settings, secretKey };
    const service = createService(config, {
      operations: Object.values(allOperations),
      onRequest,
      overrides: {
        ...visionWorkers,
        keyDerivation: () => startPasswordThread(),
        tasks: (context) => context.resolve(maintenanceThread).take,
        ...options.overrides,
      },
    });
    shutdown.add(() => service.close());
    // It takes a while, and nothing before the first request needs it.
    const looking = service.resolve(visionPool);
    looking.catch(() => {});
    const { FRS_PASSWORD: password, FRS_AK: ak, FRS_SK: sk } = kept;
    const secrets = secretsOr({ ...(password && { password }), ...(ak && { ak }), ...(sk && { sk }) });
    const credentials = {
      FRS_ENDPOINT: endpoint,
      FRS_REGION: config.region || kept.FRS_REGION || names.region,
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
      {
        accounts: service.resolve(parts.accounts),
        secrets: service.resolve(parts.secrets),
        derivation: service.resolve(parts.keyDerivation),
      },
    );
    const complete = { ...credentials, FRS_PROJECT_ID };
    await writeCredentials(credentialsFile, complete);
    service.resolve(maintenanceThread);
    await startEnrolment(stores, service);
    shutdown.add(() => stores.stopEvents());
    const console = options.console
      ? await openConsole(
          service,
          usage,
          onRequest,
          options.onProgress ?? (() => {}),
          options.environment ?? {},
        )
      : undefined;
    await looking;
    listener.open(serverApp(service, onRequest, { docs: true, console }), () => storesHealth(stores));
    const admission = service.resolve(parts.admission);
    shutdown.add(collectWhenIdle({ isBusy: () => isBusy(admission), answered: () => answered }));
    const memory = keepCacheWarm(service.resolve(parts.faceSets), dataDir);
    shutdown.add(() => memory.stop());
    return {
      endpoint,
      s3Endpoint: stores.s3Endpoint,
      ...(console && { console: `${endpoint}/` }),
      credentials: complete,
      credentialsFile,
      dataDir,
      service,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
