import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readConfig } from '@openfrs/core';
import { startEmbedded } from '@openfrs/embedded';
import {
  type Clients,
  createBuckets,
  createClients,
  createFaceSets,
  createTables,
  type StoreOptions,
} from '@openfrs/store';
import { dimension, fillSet } from './service/full-set.ts';
import { median } from './statistics/quantile.ts';

const table = 'openfrs-data';
const bucket = 'openfrs-index';

/** By what was measured: how many a second, or how long one takes. */
type Figures = Record<string, number>;

/**
 * `npm run bench stores [-- --rounds N --faces N]`: what it costs that the embedded stores bring each write to the disk before they
 * acknowledge it. Both ways in turn, in one run.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      rounds: { type: 'string', default: '2' },
      faces: { type: 'string', default: '3000' },
      dir: { type: 'string', default: tmpdir() },
    },
  });
  const found: Record<'without' | 'with', Figures[]> = { without: [], with: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
    for (const way of order) {
      const figures = await measure(values.dir, way === 'with', Number(values.faces));
      console.log(
        way,
        JSON.stringify(figures, (_, each) => (typeof each === 'number' ? Number(each.toFixed(2)) : each)),
      );
      found[way].push(figures);
    }
  }
  console.log('\n| median of the rounds | without | with | ratio |\n| --- | --- | --- | --- |');
  for (const name of Object.keys(found.with[0] ?? {})) {
    const [without, flushed] = [found.without, found.with].map((all) =>
      median(all.map((each) => each[name] ?? 0)),
    );
    const ratio = ((flushed ?? 0) / (without ?? 1)).toFixed(2);
    console.log(`| ${name} | ${without?.toFixed(2)} | ${flushed?.toFixed(2)} | ${ratio} |`);
  }
}

async function measure(parent: string, flush: boolean, faces: number): Promise<Figures> {
  const dir = await mkdtemp(join(parent, 'openfrs-bench-'));
  const stores = await startEmbedded({ dir, flush });
  Object.assign(process.env, {
    AWS_REGION: stores.region,
    AWS_ENDPOINT_URL_DYNAMODB: stores.dynamodbEndpoint,
    AWS_ENDPOINT_URL_S3: stores.s3Endpoint,
    AWS_ACCESS_KEY_ID: stores.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stores.secretAccessKey,
  });
  const clients = createClients(readConfig().aws);
  const where = { ...clients, table, bucket };
  await createTables(clients.dynamodb, [table]);
  await createBuckets(clients.s3, [bucket]);
  const { importMs } = await fillSet(where, 'bench', 'imported', faces, [], false);
  const figures = {
    'faces imported a second': (1000 * faces) / importMs,
    'adds a second, 8 at once': await adds(where, 8, 300),
    'adds a second, one at a time': await adds(where, 1, 60),
    'items put a second, 16 at once': await items(clients, 16, 1500),
    'one item put, ms': 1000 / (await items(clients, 1, 150)),
    'objects of 100 KB put a second, 8 at once': await objects(clients, 8, 200),
    'one object of 100 KB put, ms': 1000 / (await objects(clients, 1, 60)),
  };
  clients.destroy();
  await stores.stop();
  await rm(dir, { recursive: true });
  return figures;
}

async function adds(where: StoreOptions, atOnce: number, count: number): Promise<number> {
  const faceSets = createFaceSets(where);
  const spec = { name: `adds-${atOnce}`, capacity: 100_000, fields: {}, model: 'bench', dimension };
  const set = await faceSets.create('bench', spec, 10);
  const vector = new Float32Array(dimension).fill(dimension ** -0.5);
  const box = { topLeftX: 1, topLeftY: 2, width: 30, height: 40 };
  return perSecond(atOnce, count, async (n) => {
    await faceSets.add(set, [{ box, externalImageId: `image-${n}`, fields: {}, vector }]);
  });
}

const items = ({ dynamodb }: Clients, atOnce: number, count: number): Promise<number> =>
  perSecond(atOnce, count, async (n) => {
    const Item = { pk: { S: `bench-${atOnce}` }, sk: { S: String(n) }, body: { B: Buffer.alloc(800, n) } };
    await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
  });

const objects = ({ s3 }: Clients, atOnce: number, count: number): Promise<number> =>
  perSecond(atOnce, count, async (n) => {
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `bench/${atOnce}/${n}`, Body: Buffer.alloc(100_000, n) }),
    );
  });

/** Does it so many times, so many at once. */
async function perSecond(atOnce: number, count: number, work: (n: number) => Promise<void>): Promise<number> {
  let next = 0;
  const begun = performance.now();
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (1000 * count) / (performance.now() - begun);
}
