import type { AddressInfo } from 'node:net';
import { createUsageCounter } from '@openfrs/console';
import { type Config, namesEngines, readConfig } from '@openfrs/core';
import { closeServer, listen } from '@openfrs/embedded';
import { isBusy, type OnRequest, writeAuditLine } from '@openfrs/http';
import { selectionNotes } from '@openfrs/models';
import { ensureModels } from '@openfrs/models/ensure';
import { allOperations, createService, parts } from '@openfrs/service';
import { dynamodbDeadLetters, storeNames } from '@openfrs/store';
import { openConsole } from '../console.ts';
import { HttpListener } from '../http-listener.ts';
import { collectWhenIdle } from '../memory/idle-collection.ts';
import { keepCacheWarm } from '../memory/warm-cache.ts';
import { metricsServer } from '../metrics/answer-metrics.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { startPasswordThread } from '../passwords/password-thread.ts';
import { serverApp } from '../server-app.ts';
import { Shutdown } from '../shutdown.ts';
import { startEnvironment } from '../start-environment.ts';
import { checkCertificate, followCertificate } from '../tls/tls-files.ts';
import { visionPool, visionWorkers } from '../vision/vision-workers.ts';
import { readiness } from './ready.ts';
import { embeddedStores, engineStores } from './stores.ts';

export interface ServeOptions {
  /** The settings. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The address where FRS_HOST names none. */
  readonly host: string;
  /** Told in a few words what takes time. */
  readonly onProgress?: (message: string) => void;
}

export interface Serving {
  readonly endpoint: string;
  readonly port: number;
  /** Nobody can log in yet. */
  readonly hasNoAccount: boolean;
  /** What an operator should know: passwords that pass in the clear, for one. */
  readonly warnings: readonly string[];
  /** From now on `/ready` says no; requests are taken on for FRS_DRAIN_SECONDS. */
  drain(): Promise<void>;
  /** Lets requests under way end and closes everything. */
  stop(): Promise<void>;
}

/**
 * Every operation on one port: over the engines that the environment names, or over stores of its own in FRS_DATA_DIR. It makes no
 * account.
 * @throws Error whose message says in one sentence what to mend
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const environment = startEnvironment(options.environment);
  const given = readConfig(environment);
  if (given.tls) checkCertificate(given.tls);
  const isEmbedded = !namesEngines(environment);
  const usage = createUsageCounter();
  const metrics = createMetrics();
  let answered = 0;
  const onRequest: OnRequest = (line) => {
    answered += 1;
    writeAuditLine(line);
    metrics.onRequest(line);
    if (given.console) usage.take(line);
  };
  const listener = new HttpListener(given, onRequest);
  const { server } = listener;
  const shutdown = new Shutdown();
  shutdown.add(() => metrics.close());
  const stop = async () => {
    // What is under way may take as long as a request may.
    await closeServer(server, given.requestMs);
    await shutdown.run();
  };
  const host = given.host ?? options.host;
  const port = await listen(server, given.port, 'the service', { host });
  try {
    if (given.tls) shutdown.add(followTls(environment, given, listener));
    const endpoint = `${given.tls ? 'https' : 'http'}://${shownHost(server.address() as AddressInfo)}:${port}`;
    const stores = isEmbedded ? await embeddedStores(given, endpoint, port) : await engineStores(given);
    shutdown.add(() => stores.stop());
    await ensureModels({
      dir: given.modelsDir,
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
    const { config } = stores;
    const service = createService(config, {
      operations: Object.values(allOperations),
      onRequest,
      overrides: {
        ...visionWorkers,
        keyDerivation: () => startPasswordThread(),
        ...(config.maintenanceQueue === '' && {
          tasks: (context) => context.resolve(stores.maintenance).take,
        }),
      },
    });
    shutdown.add(() => service.close());
    const hasNoAccount = (await service.resolve(parts.accounts).domains()).length === 0;
    metrics.watch({
      admission: service.resolve(parts.admission),
      faceSets: service.resolve(parts.faceSets),
      visionPool: await service.resolve(visionPool),
      ...(config.maintenanceQueue === '' && { maintenance: service.resolve(stores.maintenance) }),
      ...(config.deadLetterQueue === '' && {
        deadLetters: dynamodbDeadLetters(service.resolve(parts.dynamodb), config.dataTable),
      }),
    });
    shutdown.add(await openMetrics(given, listener, metrics));
    shutdown.add(await stores.begin(service));
    const console = config.console
      ? await openConsole(service, usage, onRequest, options.onProgress ?? (() => {}), environment)
      : undefined;
    const engines = { dynamodb: service.resolve(parts.dynamodb), s3: service.resolve(parts.s3) };
    const ready = readiness(engines, storeNames(config));
    listener.open(serverApp(service, onRequest, { docs: config.console, console }), stores.health, ready);
    const admission = service.resolve(parts.admission);
    shutdown.add(collectWhenIdle({ isBusy: () => isBusy(admission), answered: () => answered }));
    if (isEmbedded) {
      const memory = keepCacheWarm(service.resolve(parts.faceSets), config.dataDir);
      shutdown.add(() => memory.stop());
    }
    return {
      endpoint,
      port,
      hasNoAccount,
      warnings: [
        ...warningsOf(given, server.address() as AddressInfo),
        ...(await selectionNotes({ dir: given.modelsDir })),
      ],
      drain: async () => {
        listener.drain();
        await new Promise((resolve) => setTimeout(resolve, given.drainMs));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns what closes its port, where it has one */
async function openMetrics(
  { metrics: { port, host, token } }: Config,
  listener: HttpListener,
  metrics: Metrics,
): Promise<() => Promise<void>> {
  if (token !== undefined) listener.openMetrics(metrics, token);
  if (port === undefined) return async () => {};
  const server = metricsServer(metrics);
  await listen(server, port, 'the metrics', { host });
  return () => closeServer(server);
}

function followTls(
  { FRS_TLS_CERTIFICATE_FILE: certificate, FRS_TLS_KEY_FILE: key }: ServeOptions['environment'],
  { tls }: Config,
  { server }: HttpListener,
): () => void {
  if (!certificate || !key || !tls || !('setSecureContext' in server)) return () => {};
  const { setSecureContext } = server as { setSecureContext(context: object): void };
  return followCertificate({ certificate, key }, tls, (next) =>
    setSecureContext.call(server, { cert: next.certificate, key: next.key }),
  );
}

/** As a URL has it; every address of the machine is reached by that of itself. */
function shownHost({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  // Brackets need quotes in a shell.
  if (address === '::1') return 'localhost';
  return family === 'IPv6' ? `[${address}]` : address;
}

function warningsOf({ tls, trustedProxies }: Config, { address }: AddressInfo): string[] {
  const isLocal = address === '::1' || address.startsWith('127.');
  if (isLocal || tls || trustedProxies.length > 0) return [];
  return [
    `Passwords and tokens pass ${address} in the clear: set FRS_TLS_CERTIFICATE_FILE and FRS_TLS_KEY_FILE, or FRS_TRUSTED_PROXIES for a proxy with TLS.`,
  ];
}
