import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startEmbedded } from '@openfrs/embedded';
import { startInThread } from '@openfrs/embedded/in-thread';
import { checkDataFolder } from '@openfrs/embedded/integrity';
import { sampled } from '@openfrs/testing/sample';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bucket, bytes, createItemsTable, dynamodbClient, failure, s3Client } from './stores.ts';

let whole: string;
let dir: string;
beforeAll(async () => {
  whole = await mkdtemp(join(tmpdir(), 'openfrs-whole-'));
  // A start writes what the run before left in logs to tables: the third one finds tables, logs and a manifest with a past.
  for (let run = 0; run < 3; run++) {
    const stores = await startEmbedded({ dir: whole });
    const dynamodb = dynamodbClient(stores);
    const s3 = s3Client(stores);
    if (run === 0) {
      await createItemsTable(dynamodb);
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    }
    for (let item = 0; item < 40; item++) {
      const Item = { id: { S: `${run}-${item}` }, v: { B: bytes(2048, item + 1) } };
      await dynamodb.send(new PutItemCommand({ TableName: 'items', Item }));
    }
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `object-${run}`, Body: bytes(5000) }));
    dynamodb.destroy();
    s3.destroy();
    await stores.stop();
  }
}, 60_000);
afterAll(() => rm(whole, { recursive: true, force: true }));
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'openfrs-damage-')), 'data');
  await cp(whole, dir, { recursive: true });
});
afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

/** What a start in a thread says: one sentence, or that it started. */
const start = (options: { held?: boolean } = {}) => said(startEmbedded({ dir, ...options }));
/** The same of a start in this thread, which looks at the folder in the same way and needs no thread's code: for matrices. */
const startHere = () => said(startInThread(dir));

async function said(starting: Promise<{ stop(): Promise<void> }>): Promise<string> {
  try {
    await (await starting).stop();
    return 'it started';
  } catch (error) {
    return (error as Error).message;
  }
}

async function flip(file: string): Promise<void> {
  const content = await readFile(file);
  const middle = Math.floor(content.length / 2);
  for (let at = middle; at < middle + 4; at++) content[at] = (content[at] ?? 0) ^ 0x20;
  await writeFile(file, content);
}

const harms: readonly (readonly [string, (file: string) => Promise<void>])[] = [
  ['missing', unlink],
  ['empty', (file) => truncate(file, 0)],
  ['cut in half', async (file) => truncate(file, Math.floor((await readFile(file)).length / 2))],
  ['with four bytes flipped', flip],
  [
    'a folder',
    async (file) => {
      await unlink(file);
      await mkdir(file);
    },
  ],
];

const levelDbs = ['dynamodb', join('s3', 'catalog')];
const kinds: readonly (readonly [string, RegExp])[] = [
  ['CURRENT', /^CURRENT$/],
  ['its manifest', /^MANIFEST-/],
  ['a table', /\.ldb$/],
  ['its log', /^\d+\.log$/],
];
/** Every kind of file, harmed in every way, in each store; a run draws one of the two stores for each pair. */
const damages = levelDbs.flatMap((level) =>
  kinds.flatMap(([kind, pattern]) =>
    harms.map(([name, harm]) => ({ level, kind, pattern, name, harm }) as const),
  ),
);
describe('a start', () => {
  test.each(sampled(damages, ({ kind, name }) => `${kind} ${name}`))(
    'with $level where $kind is $name: stops, and one sentence names the file and the remedy',
    async ({ level, kind, pattern, harm }) => {
      const names = (await readdir(join(dir, level))).filter((name) => pattern.test(name)).sort();
      const file = join(dir, level, names.at(-1) ?? '');
      await harm(file);
      const told = await startHere();
      expect(told).toMatch(/^The data file [^\n]*: restore [^\n]* from a backup, or remove [^\n]*\.$/);
      expect(told).toContain(kind === 'its manifest' ? join(dir, level) : file);
      // Nothing was changed by the look at it.
      expect((await checkDataFolder(dir)).length).toBeGreaterThan(0);
    },
  );

  test.each(levelDbs)('with %s gone: stops', async (level) => {
    await rm(join(dir, level), { recursive: true });
    expect(await start()).toContain(`${join(dir, level, 'CURRENT')} is missing`);
  });
});

describe('a start', () => {
  test('with nothing wrong: starts, and finds nothing wrong', async () => {
    expect(await checkDataFolder(dir)).toEqual([]);
    expect(await start()).toBe('it started');
    expect(await checkDataFolder(dir)).toEqual([]);
  });

  test('of a folder that an older version wrote, without format.json: starts, and guards it from then on', async () => {
    await unlink(join(dir, 'format.json'));
    expect(await start()).toBe('it started');
    await rm(join(dir, 'dynamodb'), { recursive: true });
    expect(await start()).toContain('is missing');
  });

  test('of a folder that was emptied, where something else tells of what was there: stops', async () => {
    await rm(dir, { recursive: true });
    expect(await start({ held: true })).toContain('is missing');
    expect(await start()).toBe('it started');
  });

  test.each([
    ['before the first store', ['s3', 'dynamodb']],
    ['between the stores', ['dynamodb']],
  ])('that follows a first one cut off %s: starts', async (_, removed) => {
    for (const name of [...removed, 'format.json']) await rm(join(dir, name), { recursive: true });
    expect(await startHere()).toBe('it started');
  });

  test.each([
    [
      '{"format":99}',
      'is of a newer version of openfrs (format 99, this one reads 2): update openfrs, or use',
    ],
    ['', 'is damaged (it tells no format): restore'],
    ['{"for', 'is damaged (it tells no format): restore'],
  ])('with format.json %j: stops', async (text, said) => {
    await writeFile(join(dir, 'format.json'), text);
    expect(await startHere()).toContain(said);
  });

  test.each(['', '{', '{"accessKeyId":""}'])(
    'with keys.json %j: stops, and says what to do',
    async (text) => {
      await writeFile(join(dir, 'keys.json'), text);
      expect(await startHere()).toBe(
        `The file ${join(dir, 'keys.json')} is damaged: remove it, and the stores get new keys of their own.`,
      );
      await unlink(join(dir, 'keys.json'));
      expect(await startHere()).toBe('it started');
    },
  );

  test('with the folder of the objects gone: stops', async () => {
    await rm(join(dir, 's3', 'blobs'), { recursive: true });
    expect(await start()).toContain(`${join(dir, 's3', 'blobs')} is missing: restore`);
  });

  test('with a folder in the place of the dead letters: stops', async () => {
    await mkdir(join(dir, 'dead-letters.jsonl'));
    expect(await start()).toBe(`${join(dir, 'dead-letters.jsonl')} is not a file: move it away.`);
  });
});

describe('a log whose end is not as it was written', () => {
  /** The log in use of the items. */
  async function log(): Promise<string> {
    const names = (await readdir(join(dir, 'dynamodb'))).filter((name) => name.endsWith('.log'));
    return join(dir, 'dynamodb', names.sort().at(-1) ?? '');
  }

  test.each([
    ['with a bit of its last record flipped', 2],
    ['without its last byte', 1],
  ])('%s: stops a start that follows a clean stop', async (_, harm) => {
    const file = await log();
    const content = await readFile(file);
    content[content.length - 5] = (content.at(-5) ?? 0) ^ 1;
    if (harm === 1) await truncate(file, content.length - 1);
    else await writeFile(file, content);
    expect(await startHere()).toContain(`${file} is damaged`);
  });

  test('as a power cut leaves it: starts without the write that was not acknowledged', async () => {
    await unlink(join(dir, 'closed.json'));
    const file = await log();
    const content = await readFile(file);
    // A write of which some sectors are there and some are zeros.
    const torn = Buffer.concat([content.subarray(-900), Buffer.alloc(512), content.subarray(-512)]);
    await writeFile(file, Buffer.concat([content, torn.fill(7, 0, 6)]));
    expect(await start()).toBe('it started');
  });

  test('damaged before its end: stops, whatever the stop before was like', async () => {
    await unlink(join(dir, 'closed.json'));
    const file = await log();
    await flip(file);
    expect(await start()).toMatch(/is damaged \(the (checksum of the )?record at \d+ is/);
  });
});

test('an object of several pieces with one byte flipped is never read past it; its whole pieces are', async () => {
  const before = await startEmbedded({ dir });
  const writer = s3Client(before);
  const body = bytes(700_000, 9);
  await writer.send(new PutObjectCommand({ Bucket: bucket, Key: 'large', Body: body }));
  writer.destroy();
  await before.stop();
  const file = await blobOfSize(700_000);
  const content = await readFile(file);
  content[300_000] = (content[300_000] ?? 0) ^ 1;
  await writeFile(file, content);
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const stores = await startInThread(dir);
  const s3 = s3Client(stores, { maxAttempts: 1 });
  const get = async (Range?: string) => {
    const read = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: 'large', ...(Range && { Range }) }),
    );
    return Buffer.from((await read.Body?.transformToByteArray()) ?? []);
  };
  expect((await get('bytes=0-1000')).equals(body.subarray(0, 1001))).toBe(true);
  expect((await get('bytes=600000-')).equals(body.subarray(600_000))).toBe(true);
  // Its length was announced before the damage was met: the connection is cut.
  await expect(get()).rejects.toThrow();
  expect(told.mock.calls.flat().join()).toContain(`the checksum of ${file} is wrong, at 262144`);
  for (const range of ['bytes=299990-300010', undefined]) {
    expect((await failure(get(range))).name).toBe('NoSuchKey');
  }
  s3.destroy();
  await stores.stop();
});

async function blobOfSize(size: number): Promise<string> {
  for (const shard of await readdir(join(dir, 's3', 'blobs'))) {
    for (const id of await readdir(join(dir, 's3', 'blobs', shard))) {
      const file = join(dir, 's3', 'blobs', shard, id);
      if ((await stat(file)).size === size) return file;
    }
  }
  throw new Error(`no body has ${size} bytes`);
}

test.each(harms.slice(0, 4))('an object whose file is %s: told, and read as not there', async (_, harm) => {
  const shards = await readdir(join(dir, 's3', 'blobs'));
  const files = await Promise.all(
    shards.map(async (shard) =>
      (await readdir(join(dir, 's3', 'blobs', shard))).map((id) => join(dir, 's3', 'blobs', shard, id)),
    ),
  );
  const [file = ''] = files.flat();
  await harm(file);
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const stores = await startInThread(dir);
  const s3 = s3Client(stores);
  const outcomes = await Promise.all(
    [0, 1, 2].map((run) => {
      const read = s3.send(new GetObjectCommand({ Bucket: bucket, Key: `object-${run}` }));
      return read.then(
        () => 200,
        () => failure(read).then(({ status }) => status),
      );
    }),
  );
  expect(outcomes.sort()).toEqual([200, 200, 404]);
  s3.destroy();
  await stores.stop();
  expect(told.mock.calls.flat().join()).not.toContain('undefined');
});

test('a damaged item fails its own reads only, and the thread lives', async () => {
  const { ClassicLevel } = await import('classic-level');
  const level = new ClassicLevel(join(dir, 'dynamodb'));
  const [key = ''] = await level.keys({ gte: 'item-items~', lt: 'item-items~\xff', limit: 1 }).all();
  await level.put(key, '{"id":{"S":"');
  await level.close();
  const stores = await startEmbedded({ dir });
  const client = dynamodbClient(stores);
  let [good, bad] = [0, 0];
  for (let run = 0; run < 3; run++) {
    for (let item = 0; item < 40; item++) {
      const Key = { id: { S: `${run}-${item}` } };
      const { name } = await client.send(new GetItemCommand({ TableName: 'items', Key })).then(
        () => ({ name: '' }),
        (error: Error) => error,
      );
      if (name === '') good += 1;
      else bad += 1;
    }
  }
  expect([good, bad]).toEqual([119, 1]);
  client.destroy();
  await stores.stop();
}, 30_000);

describe('a value with one byte changed', () => {
  test.each([
    ['s3/catalog', 'object\0'],
    ['s3/catalog', 'sequence'],
    ['s3/catalog', 'bucket\0'],
    ['dynamodb', 'table~'],
    ['dynamodb', 'item-items~'],
  ])(
    'is named by a check of all, and by a start that needs it, with the remedy: %s %j',
    async (store, prefix) => {
      const { ClassicLevel } = await import('classic-level');
      const level = new ClassicLevel<Buffer, Buffer>(join(dir, store), {
        keyEncoding: 'buffer',
        valueEncoding: 'buffer',
      });
      const [entry] = await level.iterator({ gte: Buffer.from(prefix), limit: 1 }).all();
      const [key, value] = entry as [Buffer, Buffer];
      value[value.length - 1] = (value[value.length - 1] ?? 0) ^ 1;
      await level.put(key, value);
      await level.close();
      await rm(join(dir, 'closed.json'), { force: true });
      const name = JSON.stringify(key.toString('latin1').replaceAll('\0', '/'));
      expect(await checkDataFolder(dir, { values: true })).toEqual([
        {
          file: expect.stringContaining(join(dir, store)),
          problem: `is damaged (the value of ${name}: its checksum is wrong)`,
        },
      ]);
      const isNeeded = !prefix.startsWith('bucket') && !prefix.startsWith('item');
      expect(await start()).toBe(
        isNeeded
          ? `In the stored data the entry ${name} of ${join(dir, store)} is damaged (its checksum is wrong): restore ${dir} from a backup, or remove that folder to start anew without its data.`
          : 'it started',
      );
    },
  );

  test('and one that was replaced since is no damage', async () => {
    const { ClassicLevel } = await import('classic-level');
    const level = new ClassicLevel<Buffer, Buffer>(join(dir, 'dynamodb'), {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
    });
    const [[key, value] = []] = await level.iterator({ gte: Buffer.from('item-items~'), limit: 1 }).all();
    await level.put(key as Buffer, Buffer.from('{"of format 1":true}'));
    await level.put(key as Buffer, value as Buffer);
    await level.close();
    await rm(join(dir, 'closed.json'), { force: true });
    expect(await checkDataFolder(dir, { values: true })).toEqual([]);
  });
});
