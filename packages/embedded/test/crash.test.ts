import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { GetItemCommand, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type EmbeddedStores, startEmbedded } from '@openfrs/embedded';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bucket, bytes, createItemsTable, dynamodbClient, s3Client } from './stores.ts';

const writer = new URL('./writer.ts', import.meta.url).pathname;

describe('after kill -9', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'openfrs-crash-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  // One that a failed test left would keep the whole run from ending: it has its standard error.
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  async function run(): Promise<{ child: ChildProcess; stores: EmbeddedStores }> {
    const child = spawn(process.execPath, ['--import', 'tsx', writer, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    return { child, stores: JSON.parse(line) };
  }

  async function kill(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  test('an object is the old one or the new one, whole, and what was acknowledged is there', async () => {
    const contents = Array.from({ length: 40 }, (_, index) => bytes(300_000 + index, index + 1));
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 4; round++) {
      const { child, stores } = await run();
      const s3 = s3Client(stores, { maxAttempts: 1 });
      if (round === 0) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      let killed = false;
      const begun = new Set<number>();
      const writers = Array.from({ length: 4 }, async (_, key) => {
        for (let index = round * 10; !killed; index = (index + 1) % contents.length) {
          try {
            await s3.send(
              new PutObjectCommand({ Bucket: bucket, Key: `k${key}`, Body: contents[index] as Buffer }),
            );
            acknowledged.set(`k${key}`, index);
            begun.add(key);
          } catch {
            return;
          }
        }
      });
      await vi.waitFor(() => expect(begun.size).toBe(4), 30_000);
      // Somewhere in the middle of later writes.
      await new Promise((resolve) => setTimeout(resolve, round * 70));
      await kill(child);
      killed = true;
      await Promise.all(writers);
      s3.destroy();

      const again = await startEmbedded({ dir });
      const reader = s3Client(again);
      for (const [Key, last] of acknowledged) {
        const read = await reader.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const body = Buffer.from((await read.Body?.transformToByteArray()) ?? []);
        const found = contents.findIndex((content) => content.equals(body));
        // The last one that was acknowledged, or the one behind it, whose answer was cut off.
        expect([last, (last + 1) % contents.length]).toContain(found);
        acknowledged.set(Key, found);
      }
      reader.destroy();
      await again.stop();
    }
    const shards = await readdir(join(dir, 's3', 'blobs'));
    const files = await Promise.all(shards.map((shard) => readdir(join(dir, 's3', 'blobs', shard))));
    // Nothing is left of the writes that were cut off.
    expect(files.flat()).toHaveLength(acknowledged.size);
  });

  test('DynamoDB has every item that was acknowledged', async () => {
    const { child, stores } = await run();
    const client = dynamodbClient(stores);
    await createItemsTable(client);
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName: 'items' });
    for (let id = 0; id < 50; id++) {
      await client.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: String(id) } } }));
    }
    await kill(child);
    client.destroy();
    const again = await startEmbedded({ dir });
    const reader = dynamodbClient(again);
    for (let id = 0; id < 50; id++) {
      const { Item } = await reader.send(
        new GetItemCommand({ TableName: 'items', Key: { id: { S: String(id) } } }),
      );
      expect(Item).toEqual({ id: { S: String(id) } });
    }
    reader.destroy();
    await again.stop();
  });

  test('a client that leaves in the middle of a write changes nothing', async () => {
    const stores = await startEmbedded({ dir });
    const s3 = s3Client(stores);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'left', Body: 'before' }));
    const abort = new AbortController();
    async function* half() {
      // More than lies in buffers on the way: the server has got a part of it when the client leaves.
      for (let sent = 0; sent < 20; sent++) yield bytes(1_000_000);
      abort.abort();
      await new Promise(() => {});
    }
    const whole = { Body: Readable.from(half()), ContentLength: 30_000_000 };
    const write = s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'left', ...whole }), {
      abortSignal: abort.signal,
    });
    await expect(write).rejects.toThrow();
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'left' }));
    expect(head.ContentLength).toBe(6);
    s3.destroy();
    await stores.stop();
  });
});
