import { type BatchGetItemOutput, type QueryOutput, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { createAccount, type FaceSet, newSecretKey, secretKeys } from '@openfrs/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Item, openTable } from '../src/dynamodb/table.ts';
import { createMaintenance, createTransfer } from '../src/index.ts';
import { linesOf, withAccounts } from './backed-up.ts';
import { reopened, startStores, type TestStores } from './embedded.ts';
import { face, spec, vector } from './faces.ts';
import { expectCode, newProject } from './specification.ts';

const crops = secretKeys(newSecretKey());
/** Stands for a JPEG: bytes that are nowhere by chance. */
const crop = (seed: number) =>
  new Uint8Array(Buffer.from(`crop of face ${seed}, as large as a real one. `.repeat(80)));

let stores: TestStores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores.stop());

const items = async (): Promise<Item[]> => {
  const { Items = [] } = await stores.dynamodb.send(new ScanCommand({ TableName: stores.table }));
  return Items.map((item) => unmarshall(item) as Item);
};
const kept = async () =>
  (await items()).flatMap(({ c }) => (c === undefined ? [] : [Buffer.from(c as Uint8Array)]));

/** Whether bytes are anywhere in the table or in the bucket of the index. */
async function isAnywhere(bytes: Uint8Array): Promise<boolean> {
  const wanted = Buffer.from(bytes).subarray(20, 60);
  const inTable = (await items()).some((item) =>
    Object.values(item).some((value) => value instanceof Uint8Array && Buffer.from(value).includes(wanted)),
  );
  const { Contents = [] } = await stores.s3.send(new ListObjectsV2Command({ Bucket: stores.bucket }));
  const objects = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await stores.s3.send(new GetObjectCommand({ Bucket: stores.bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    }),
  );
  return inTable || objects.some((object) => object.includes(wanted));
}

it('nothing of a crop is written where none are kept', async () => {
  const faceSets = stores.instance();
  const set = await faceSets.create(newProject(), spec('people'), 1);
  const [added] = await faceSets.add(set, [face(1, { crop: crop(1) })]);
  await createMaintenance(stores).compact(set.projectId, set.name, { all: true });
  expect(await kept()).toEqual([]);
  expect(await isAnywhere(crop(1))).toBe(false);
  expect(faceSets.keepsCrops).toBe(false);
  expect(await faceSets.crops(set, [added?.faceId ?? ''])).toEqual(new Map());
});

describe('where crops are kept', () => {
  const open = () => stores.instance({ crops });
  let set: FaceSet;
  let ids: string[];
  let sealed: Buffer[];
  beforeEach(async () => {
    set = await open().create(newProject(), spec('people'), 1);
    const before = await kept();
    const added = await open().add(
      set,
      [1, 2, 3].map((seed) => face(seed, { crop: crop(seed) })),
    );
    ids = added.map(({ faceId }) => faceId);
    sealed = (await kept()).filter((one) => !before.some((other) => other.equals(one)));
  });

  it('they are ciphertext in the stores, and themselves to the service', async () => {
    expect(sealed).toHaveLength(3);
    for (const seed of [1, 2, 3]) expect(await isAnywhere(crop(seed))).toBe(false);
    expect(await open().crops(set, [...ids, ids[0] ?? '', 'AAAAAAAA'])).toEqual(
      new Map(ids.map((id, index) => [id, Buffer.from(crop(index + 1))])),
    );
    await createMaintenance(stores).compact(set.projectId, set.name, { all: true });
    expect((await open().crops(set, ids)).size).toBe(3);
  });

  it('no other key opens them, and none is taken for another face’s', async () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    const other = stores.instance({ crops: secretKeys(newSecretKey()), onWarning });
    expect((await other.crops(set, ids)).size).toBe(0);
    expect(warnings).toEqual([`Crops of 3 faces of set ${set.id} can't be opened.`]);
    const [first, second] = (await items()).filter(({ pk, c }) => pk === `SET#${set.id}` && c !== undefined);
    const table = openTable(stores.dynamodb, stores.table);
    await table.put({ ...(first as Item), c: second?.c });
    const opened = await stores.instance({ crops, onWarning }).crops(set, ids);
    expect(opened.size).toBe(2);
  });

  it('a deleted face’s is gone at once', async () => {
    await open().removeMatching(set, { kind: 'equals', field: 'face_id', value: ids[1] ?? '' });
    expect([...(await open().crops(set, ids)).keys()].sort()).toEqual([ids[0], ids[2]].sort());
    const left = await Promise.all(sealed.map(isAnywhere));
    expect(left.filter(Boolean)).toHaveLength(2);
    await open().removeMatching(set, { kind: 'equals', field: 'external_image_id', value: 'image1' });
    expect(await isAnywhere(sealed[0] as Buffer)).toBe(false);
  });

  it('a deleted set’s are gone with it, and with the next sweep from the stores', async () => {
    await open().remove(set.projectId, set.name);
    await expectCode(open().crops(set, ids), 'FRS.0302');
    await createMaintenance({ ...stores, now: () => Date.now() + 3_600_000 }).sweep();
    expect(await Promise.all(sealed.map(isAnywhere))).toEqual([false, false, false]);
  });

  it('an add that fails leaves none', async () => {
    const before = (await kept()).length;
    const failpoint = (name: string) => {
      if (name === 'add:written') throw new Error('no power');
    };
    const failing = stores.instance({ crops, failpoint });
    await failing.add(set, [face(9, { crop: crop(9) })]).catch(() => undefined);
    const { faceNumber } = await open().get(set.projectId, set.name);
    // What was written whole may be committed all the same: then it is a face with its crop.
    expect((await kept()).length).toBe(before + faceNumber - 3);
  });

  it('are read by who shows them only: no search, compaction or export fetches them', async () => {
    let read = 0;
    const watched = reopened(stores);
    watched.dynamodb.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const { Items = [], Responses = {} } = answer.output as Partial<QueryOutput & BatchGetItemOutput>;
        read += [...Items, ...Object.values(Responses).flat()].filter(({ c }) => c !== undefined).length;
        return answer;
      },
      { step: 'initialize' },
    );
    const all = { probe: { vector: vector(1) }, topN: 10, minCosine: -1 };
    const faceSets = watched.instance({ crops });
    expect(await faceSets.search(set, all)).toHaveLength(3);
    for await (const _ of createTransfer(watched).exportSet(set.projectId, set.name));
    await createMaintenance(watched).compact(set.projectId, set.name, { all: true });
    expect(await watched.instance({ crops }).search(set, all)).toHaveLength(3);
    expect(read).toBe(0);
    await faceSets.crops(set, ids);
    expect(read).toBe(3);
    await watched.stop();
  });

  it('an update keeps a face’s, and reindexing the set as well', async () => {
    await open().update(set, ids[0] ?? '', { externalImageId: 'ann' });
    expect((await open().crops(set, ids)).size).toBe(3);
    await createTransfer(stores).reindexSet(set.projectId, set.name, {
      model: { id: 'new-model', dimension: 96 },
      vectorOf: async ({ box }) => vector(1000 + box.topLeftX, 96),
      leaveOut: false,
      parallel: 2,
      compact: async () => undefined,
    });
    const now = await open().get(set.projectId, set.name);
    expect(now.model).toBe('new-model');
    expect((await open().crops(now, ids)).size).toBe(3);
  });

  it('all are removed at once where the operator wants none any more; the faces stay', async () => {
    expect(await createMaintenance(stores).removeCrops()).toBeGreaterThanOrEqual(3);
    expect(await kept()).toEqual([]);
    expect(await open().crops(set, ids)).toEqual(new Map());
    expect(await open().page(set, 0, 10)).toHaveLength(3);
    expect(await createMaintenance(stores).removeCrops()).toBe(0);
  });
});

it('exports and backups have none of them', async () => {
  const { stores: own, accounts, backups } = await withAccounts(stores, '-crops');
  const account = await createAccount(
    { domain: 'acme', user: 'ann', project: 'here' },
    { accounts, secrets: crops },
  );
  const faceSets = own.instance({ crops });
  const set = await faceSets.create(account.projectId, spec('people'), 1);
  await faceSets.add(set, [face(1, { crop: crop(1) })]);
  const [item] = await openTable(own.dynamodb, own.table)
    .pages(`SET#${set.id}`, 'F#', 'F#~')
    .next()
    .then(({ value }) => value ?? []);
  const sealed = Buffer.from(item?.c as Uint8Array);
  const lines = await linesOf(backups());
  for await (const line of createTransfer(own).exportSet(set.projectId, set.name)) lines.push(line);
  const text = lines.join('\n');
  expect(text.match(/image1/g)).toHaveLength(2);
  for (const bytes of [sealed, crop(1)]) {
    expect(text).not.toContain(Buffer.from(bytes).toString('base64').slice(40, 80));
  }
});
