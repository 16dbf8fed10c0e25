import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { recordKey, type S3EventNotification, type S3EventRecord, startEmbedded } from '@openfrs/embedded';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bucket, s3Client, useStores } from './stores.ts';

/** How long something may take on a machine that stalls. */
const patience = 40_000;
const record = (event: S3EventNotification) => event.Records[0] as S3EventRecord;

describe('events', () => {
  const use = useStores({ eventRetryMs: [20, 20] });
  const put = (Key: string) => use.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'abc' }));

  test('tell of writes and deletions below a prefix, in the form of S3 notifications', async () => {
    const seen: S3EventRecord[] = [];
    const end = await use.stores.onEvent(
      { bucket, prefix: 'enrol/' },
      (event) => void seen.push(record(event)),
    );
    await put('other/x');
    await put('enrol/a b+ü.jpg');
    await use.s3.send(
      new CopyObjectCommand({ Bucket: bucket, Key: 'enrol/copy', CopySource: `${bucket}/other/x` }),
    );
    await use.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'enrol/copy' }));
    await use.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'enrol/never there' }));
    await vi.waitFor(() => expect(seen).toHaveLength(3), patience);
    end();
    expect(seen.map(({ eventName }) => eventName)).toEqual([
      'ObjectCreated:Put',
      'ObjectCreated:Copy',
      'ObjectRemoved:Delete',
    ]);
    const [first] = seen as [S3EventRecord];
    expect(first.s3.object).toMatchObject({ key: 'enrol/a+b%2B%C3%BC.jpg', size: 3 });
    expect(recordKey(first)).toBe('enrol/a b+ü.jpg');
    const order = seen.map(({ s3 }) => s3.object.sequencer);
    expect([...order].sort()).toEqual(order);
  });

  test('come again when the listener fails, and end in the dead-letter file when it fails for good', async () => {
    let tries = 0;
    const end = await use.stores.onEvent({ bucket, prefix: 'retry/' }, async (event) => {
      tries++;
      if (recordKey(record(event)) === 'retry/bad') throw new Error('no face in it');
      if (tries < 3) throw new Error('try again');
    });
    await put('retry/good');
    await vi.waitFor(() => expect(tries).toBe(3), patience);
    await put('retry/bad');
    const letters = async () => (await readFile(use.stores.deadLetterFile, 'utf8')).trim().split('\n');
    await vi.waitFor(async () => expect(await letters()).toHaveLength(1), patience);
    end();
    const [letter] = (await letters()).map((line) => JSON.parse(line));
    expect(letter).toMatchObject({ attempts: 3, error: 'Error: no face in it' });
    expect(recordKey(record(letter.event))).toBe('retry/bad');
  });

  test('of many writes at once all come', async () => {
    const seen = new Set<string>();
    const end = await use.stores.onEvent({ bucket, prefix: 'many/' }, async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.add(recordKey(record(event)));
    });
    await Promise.all(Array.from({ length: 200 }, (_, index) => put(`many/${index}`)));
    await vi.waitFor(() => expect(seen.size).toBe(200), patience);
    end();
  });
});

describe('an event that was not dealt with', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'openfrs-events-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('comes again after a restart', async () => {
    const first = await startEmbedded({ dir, eventRetryMs: [60_000] });
    const s3 = s3Client(first);
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    let tried = 0;
    await first.onEvent({ bucket }, () => {
      tried++;
      throw new Error('not now');
    });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'later', Body: 'x' }));
    await vi.waitFor(() => expect(tried).toBe(1), patience);
    s3.destroy();
    await first.stop();

    const second = await startEmbedded({ dir });
    const seen: string[] = [];
    await second.onEvent({ bucket }, (event) => void seen.push(recordKey(record(event))));
    await vi.waitFor(() => expect(seen).toEqual(['later']), patience);
    await second.stop();

    const third = await startEmbedded({ dir });
    await third.onEvent({ bucket }, (event) => void seen.push(recordKey(record(event))));
    const again = s3Client(third);
    await again.send(new PutObjectCommand({ Bucket: bucket, Key: 'last', Body: 'x' }));
    await vi.waitFor(() => expect(seen).toContain('last'), patience);
    expect(seen).toEqual(['later', 'last']);
    again.destroy();
    await third.stop();
  });
});
