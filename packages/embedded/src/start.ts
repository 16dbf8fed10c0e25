import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { createS3Server } from './s3/server.ts';
import { type ObjectChange, Store } from './s3/store.ts';

export interface EmbeddedOptions {
  /** Where the data is kept; a temporary folder, removed by `stop`, if absent. */
  readonly dir?: string;
  /** 0 or absent: any free one. */
  readonly dynamodbPort?: number;
  readonly s3Port?: number;
}

export interface EmbeddedStores {
  readonly dynamodbEndpoint: string;
  readonly s3Endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  onPut(listener: (change: ObjectChange) => void): void;
  stop(): Promise<void>;
}

/** Starts DynamoDB (dynalite) and S3 (ours), for development, on 127.0.0.1. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedStores> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'openfrs-')));
  await mkdir(join(dir, 'dynamodb'), { recursive: true, mode: 0o700 });
  const credentials = { accessKeyId: 'openfrs', secretAccessKey: 'openfrs-embedded', region: 'local' };
  const listeners: ((change: ObjectChange) => void)[] = [];
  const store = new Store(
    join(dir, 's3'),
    (change) => {
      for (const listener of listeners) setImmediate(() => listener(change));
      return undefined;
    },
    () => {},
  );
  await store.open();
  const dynamodb = dynalite({
    path: join(dir, 'dynamodb'),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  const s3 = createS3Server(store, credentials);
  const dynamodbPort = await listen(dynamodb, options.dynamodbPort ?? 0);
  const s3Port = await listen(s3, options.s3Port ?? 0);
  return {
    ...credentials,
    dynamodbEndpoint: `http://127.0.0.1:${dynamodbPort}`,
    s3Endpoint: `http://127.0.0.1:${s3Port}`,
    onPut: (listener) => {
      listeners.push(listener);
    },
    stop: async () => {
      await Promise.all([close(dynamodb), close(s3)]);
      await store.close();
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}
