import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { isLater, newSecretKey, readConfig, secretKeys } from '@openfrs/core';
import { type EmbeddedStores, sdkVariables, startEmbedded } from '@openfrs/embedded';
import {
  type Clients,
  createBackups,
  createBuckets,
  createClients,
  createTables,
  dynamodbAccounts,
  dynamodbDeadLetters,
  objectWatch,
} from '@openfrs/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lookAtBucket } from './watch-bucket.ts';

let stores: EmbeddedStores;
let clients: Clients;
let bucket = '';
let table = '';
let made = 0;
beforeAll(async () => {
  stores = await startEmbedded();
  clients = createClients(readConfig(sdkVariables(stores)).aws);
});
beforeEach(async () => {
  [table, bucket] = [`data-${made}`, `media-${made++}`];
  await createTables(clients.dynamodb, [table]);
  brought = [];
  failing = false;
  await createBuckets(clients.s3, [bucket]);
});
afterAll(async () => {
  clients.destroy();
  await stores.stop();
});

interface Brought {
  readonly eventName: string;
  readonly s3: { readonly object: { readonly key: string; readonly sequencer: string } };
}
let brought: Brought[];
let failing: boolean;

const start = Date.now();
const later = (minutes: number) => () => start + minutes * 60_000;
const look = (now: () => number = later(0), mayGoOn = async () => true) =>
  lookAtBucket({
    watch: objectWatch(clients, table, { bucket, prefix: 'enrol/' }),
    bucket,
    handler: async ({ Records: [message] }) => {
      const { messageId = '', body = '' } = message ?? {};
      brought.push(...(JSON.parse(body) as { Records: Brought[] }).Records);
      return { batchItemFailures: failing ? [{ itemIdentifier: messageId }] : [] };
    },
    deadLetters: dynamodbDeadLetters(clients.dynamodb, table),
    now,
    mayGoOn,
  });
const put = (key: string, body: string) =>
  clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
const told = () => brought.splice(0).map(({ eventName, s3 }) => `${eventName} ${s3.object.key}`);

/** Moves what was seen so far into new stores with another bucket, from where further looks go on. */
async function moveByBackup(): Promise<void> {
  const backups = (name: string) =>
    createBackups({
      ...clients,
      table: name,
      bucket: 'index',
      accounts: dynamodbAccounts(clients.dynamodb, name),
    });
  const lines: string[] = [];
  for await (const line of backups(table).write({ openfrs: '0', mediaBucket: bucket, leftOut: () => {} }))
    lines.push(line.trimEnd());
  [table, bucket] = [`data-${made}`, `media-${made++}`];
  await createTables(clients.dynamodb, [table]);
  await createBuckets(clients.s3, [bucket]);
  const again = async function* () {
    yield* lines;
  };
  await backups(table).restore(again, { secrets: secretKeys(newSecretKey()), mediaBucket: bucket });
}

describe('a look at a bucket', () => {
  it('after a restore takes no photo that was not copied for a deleted one', async () => {
    await put('enrol/p/s/one.jpg', '1');
    await look();
    await moveByBackup();
    brought = [];
    await look();
    await look(later(500));
    expect(told()).toEqual([]);
  });

  it('after a restore knows copies of what was enrolled, and what is deleted or replaced from then on', async () => {
    for (const name of ['one', 'two', 'three']) await put(`enrol/p/s/${name}.jpg`, name);
    await look();
    const [enrolled] = brought;
    // S3 counts seconds, and a copy has another time than its photo had.
    const watch = objectWatch(clients, table, { bucket, prefix: 'enrol/' });
    for await (const page of watch.seen())
      for (const object of page) await watch.see({ ...object, modified: object.modified - 60_000 });
    await moveByBackup();
    brought = [];
    await look();
    for (const name of ['one', 'two']) await put(`enrol/p/s/${name}.jpg`, name);
    await look();
    expect(told()).toEqual([]);
    await clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'enrol/p/s/one.jpg' }));
    await put('enrol/p/s/three.jpg', 'another photo');
    await look();
    const events = brought.map(({ eventName, s3 }) => [eventName, s3.object.key]);
    expect(events).toEqual([
      ['ObjectCreated:Put', 'enrol/p/s/three.jpg'],
      ['ObjectRemoved:Delete', 'enrol/p/s/one.jpg'],
    ]);
    for (const { s3 } of brought)
      expect(isLater(s3.object.sequencer, enrolled?.s3.object.sequencer ?? '')).toBe(true);
  });

  it('brings each object once, in whatever letters, and nothing from elsewhere', async () => {
    await put('enrol/p/s/one.jpg', '1');
    await put('enrol/p/s/é +.jpg', '2');
    await put('others/three.jpg', '3');
    await look();
    expect(told().sort()).toEqual([
      'ObjectCreated:Put enrol/p/s/%C3%A9+%2B.jpg',
      'ObjectCreated:Put enrol/p/s/one.jpg',
    ]);
    await look();
    expect(told()).toEqual([]);
  });

  it('brings what was replaced as a later version, within the same second, too', async () => {
    await put('enrol/p/s/one.jpg', '1');
    await look();
    for (const body of ['2', '3', '4']) {
      await put('enrol/p/s/one.jpg', body);
      await look();
    }
    const versions = brought.map(({ s3 }) => s3.object.sequencer);
    expect(versions).toHaveLength(4);
    for (let at = 1; at < 4; at++) expect(isLater(versions[at] ?? '', versions[at - 1] ?? '')).toBe(true);
  });

  it('brings what is gone as removed, later than all before', async () => {
    await put('enrol/p/s/one.jpg', '1');
    await look();
    const [first] = brought.splice(0);
    await clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'enrol/p/s/one.jpg' }));
    await look();
    const [removed] = brought;
    expect(removed?.eventName).toBe('ObjectRemoved:Delete');
    expect(isLater(removed?.s3.object.sequencer ?? '', first?.s3.object.sequencer ?? '')).toBe(true);
    await look();
    expect(brought).toHaveLength(1);
  });

  it('brings what is gone as removed later than it was put, also where the engine\u2019s clock is ahead', async () => {
    await put('enrol/p/s/one.jpg', '1');
    const anHourAgo = () => Date.now() - 3_600_000;
    await look(anHourAgo);
    await clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'enrol/p/s/one.jpg' }));
    await look(anHourAgo);
    const [created, removed] = brought.map(({ s3 }) => s3.object.sequencer);
    expect(isLater(removed ?? '', created ?? '')).toBe(true);
  });

  it('one removal that fails holds up no other, and is tried again after a pause', async () => {
    for (const key of ['enrol/p/s/one.jpg', 'enrol/p/s/two.jpg']) await put(key, '1');
    await look();
    for (const Key of ['enrol/p/s/one.jpg', 'enrol/p/s/two.jpg'])
      await clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    brought = [];
    failing = true;
    await look();
    expect(told().sort()).toEqual([
      'ObjectRemoved:Delete enrol/p/s/one.jpg',
      'ObjectRemoved:Delete enrol/p/s/two.jpg',
    ]);
    failing = false;
    await look();
    expect(told()).toEqual([]);
    await look(later(1));
    expect(told()).toHaveLength(2);
    await look(later(100));
    expect(told()).toEqual([]);
  });

  it('tries again under the same name what failed, after growing pauses, an hour at most', async () => {
    failing = true;
    await put('enrol/p/s/one.jpg', '1');
    const tries: number[] = [];
    for (let minute = 0; minute < 240; minute++) {
      await look(later(minute));
      if (brought.length > tries.length) tries.push(minute);
    }
    expect(tries).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    expect(new Set(brought.map(({ s3 }) => s3.object.sequencer)).size).toBe(1);
    expect(await dynamodbDeadLetters(clients.dynamodb, table).list(10)).toEqual([]);
    failing = false;
    await look(later(250));
    await look(later(500));
    expect(brought).toHaveLength(tries.length + 1);
  });

  it('makes a dead letter of what has failed for four days', async () => {
    await put('enrol/p/s/one.jpg', '1');
    failing = true;
    await look();
    const watch = objectWatch(clients, table, { bucket, prefix: 'enrol/' });
    for await (const [seen] of watch.seen()) if (seen) await watch.see({ ...seen, failures: 99 });
    await look();
    await look(later(500));
    expect(brought).toHaveLength(2);
    const [letter] = await dynamodbDeadLetters(clients.dynamodb, table).list(10);
    expect(letter).toMatchObject({ bucket, key: 'enrol/p/s/one.jpg', code: 'FRS.0018' });
  });

  it('ends where another server has taken over, and what it left is brought by the next', async () => {
    for (const n of [1, 2, 3]) await put(`enrol/p/s/${n}.jpg`, 'x');
    let asked = 0;
    await look(later(0), async () => ++asked <= 2);
    expect(told()).toHaveLength(2);
    await look();
    expect(told()).toHaveLength(1);
  });
});
