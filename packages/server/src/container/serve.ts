import type { AddressInfo } from 'node:net';
import { readConfig } from '@openfrs/core';
import { closeServer } from '@openfrs/embedded';
import { isBusy, writeAuditLine } from '@openfrs/http';
import { allOperations, createService, parts } from '@openfrs/service';
import { HttpListener } from '../http-listener.ts';
import { collectWhenIdle } from '../memory/idle-collection.ts';
import { serverApp } from '../server-app.ts';
import { visionPool, visionWorkers } from '../vision/vision-workers.ts';

export interface Serving {
  readonly port: number;
  /** Lets requests under way end and closes everything. */
  stop(): Promise<void>;
}

/**
 * Every operation on one port of all interfaces, over the tables, buckets and queues that the environment names: for a container
 * behind a load balancer. It makes no table and no account, and keeps nothing on the disk.
 * @throws Error FRS_SECRET_KEY is not set, the port is taken, a model is missing
 */
export async function serve(): Promise<Serving> {
  const config = readConfig();
  if (config.secretKey === '') throw new Error('FRS_SECRET_KEY must be set: 32 bytes in Base64.');
  const listener = new HttpListener(config, writeAuditLine);
  const service = createService(config, {
    operations: Object.values(allOperations),
    overrides: visionWorkers,
  });
  const { server } = listener;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let stopCollecting = () => {};
  const stop = async () => {
    stopCollecting();
    await closeServer(server);
    await service.close();
  };
  try {
    await service.resolve(visionPool);
    listener.open(serverApp(service, writeAuditLine));
    stopCollecting = collectWhenIdle({ isBusy: () => isBusy(service.resolve(parts.admission)) });
    return { port: (server.address() as AddressInfo).port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
