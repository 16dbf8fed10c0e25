import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startInThread } from '@openfrs/embedded/in-thread';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bucket, bytes, createItemsTable, dynamodbClient, s3Client } from './stores.ts';

const items = 30;
const body = bytes(300_000);
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-upgrade-'));
  const stores = await startInThread(dir);
  const [dynamodb, s3] = [dynamodbClient(stores), s3Client(stores)];
  await createItemsTable(dynamodb);
  for (let id = 0; id < items; id++) {
    await dynamodb.send(
      new PutItemCommand({ TableName: 'items', Item: { id: { S: String(id) }, v: { S: `é${id}` } } }),
    );
  }
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'kept', Body: body }));
  dynamodb.destroy();
  s3.destroy();
  await stores.stop();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

/** Makes the folder what format 1 was: values and bodies without checksums. `share` of the entries, from the first on. */
async function toFormat1(share = 1): Promise<void> {
  for (const folder of ['dynamodb', join('s3', 'catalog')]) {
    const level = new ClassicLevel<Buffer, Buffer>(join(dir, folder), {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
    });
    const entries = await level.iterator().all();
    for (const [key, stored] of entries.slice(0, Math.ceil(share * entries.length))) {
      const text = stored
        .subarray(5)
        .toString()
        .replaceAll(/,"sums":"[^"]*"/g, '');
      await level.put(key, Buffer.from(text));
    }
    await level.close();
  }
  await rm(join(dir, 'closed.json'));
}

/** What a start says, and all that was stored. */
async function startedWith(): Promise<string> {
  const told = vi
    .spyOn(console, 'error')
    .mockReset()
    .mockImplementation(() => {});
  const stores = await startInThread(dir);
  const [dynamodb, s3] = [dynamodbClient(stores), s3Client(stores)];
  for (let id = 0; id < items; id++) {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: 'items', Key: { id: { S: String(id) } } }),
    );
    expect(Item?.v).toEqual({ S: `é${id}` });
  }
  const read = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'kept' }));
  expect(body.equals(Buffer.from((await read.Body?.transformToByteArray()) ?? []))).toBe(true);
  dynamodb.destroy();
  s3.destroy();
  await stores.stop();
  expect(JSON.parse(await readFile(join(dir, 'format.json'), 'utf8'))).toEqual({ format: 2 });
  return told.mock.calls.flat().join('\n');
}

test('a folder of format 1 gets its checksums at the first start, and says so once', async () => {
  await toFormat1();
  await writeFile(join(dir, 'format.json'), '{"format":1}\n');
  expect(await startedWith()).toMatch(/now has checksums \(\d+ entries, 1 objects\)/);
  expect(await startedWith()).toBe('');
});

test('one that was cut off while it got them goes on', async () => {
  await toFormat1(0.5);
  await writeFile(join(dir, 'format.json'), '{"format":2,"from":1}\n');
  expect(await startedWith()).toContain('now has checksums');
});

test('in a folder of format 2 a value without its checksum is damaged, not old', async () => {
  await toFormat1(0.5);
  await expect(startedWith()).rejects.toThrow(/damaged/);
});
