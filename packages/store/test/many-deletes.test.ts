import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FaceSet } from '@openfrs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClients, createMaintenance, type StoreOptions } from '../src/index.ts';
import { crashable } from './crashes.ts';
import { startStores, type TestStores } from './embedded.ts';
import { face, spec, vector } from './faces.ts';
import { older } from './model.ts';
import { newProject } from './specification.ts';

/** Three transactions of this test's size. */
const faces = 52;
const limits = { transactionFaces: 20 };
const everybody = older(0);

describe('a delete of many faces', () => {
  let stores: TestStores;
  let clock = Date.now();
  const options: Partial<StoreOptions> = { limits, now: () => clock };
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  async function filledSet(): Promise<FaceSet> {
    const faceSets = stores.instance();
    const set = await faceSets.create(newProject(), spec('people'), 10);
    const each = Array.from({ length: faces }, (_, at) => face(at, { fields: { age: 20 } }));
    await faceSets.add(set, each);
    return set;
  }

  async function left(set: FaceSet) {
    const faceSets = stores.instance(options);
    const page = await faceSets.page(set, 0, 1000);
    expect((await faceSets.get(set.projectId, set.name)).faceNumber).toBe(page.length);
    return page;
  }

  /** An instance whose requests are counted, and changed by `on`. */
  function watched(on: (name: string, send: () => Promise<object>) => Promise<object> = (_, send) => send()) {
    const asked: string[] = [];
    const { dynamodb, destroy } = createClients(stores.config);
    const client = {
      send: (command: Parameters<DynamoDBClient['send']>[0]) => {
        const name = command.constructor.name.replace('Command', '');
        asked.push(name);
        return on(name, () => dynamodb.send(command));
      },
    };
    return { asked, faceSets: stores.instance({ limits, dynamodb: client as DynamoDBClient }), destroy };
  }

  it('is written in transactions', async () => {
    const set = await filledSet();
    const { asked, faceSets, destroy } = watched();
    expect(await faceSets.removeMatching(set, everybody)).toBe(faces);
    expect(await left(set)).toEqual([]);
    expect(asked.filter((name) => name === 'TransactWriteItems')).toHaveLength(3);
    expect(asked.length).toBeLessThan(30);
    destroy();
  });

  it('and the search behind it read no face of a set that has seen no update', async () => {
    const set = await filledSet();
    const { asked, faceSets, destroy } = watched();
    const query = { probe: { vector: vector(1) }, topN: 1, minCosine: -1, filter: everybody };
    await faceSets.search(set, query);
    asked.length = 0;
    expect(await faceSets.removeMatching(set, everybody)).toBe(faces);
    expect(asked).not.toContain('BatchGetItem');
    // Nor do searches that follow: they read which faces are gone, and not each of these.
    expect(await faceSets.search(set, query)).toEqual([]);
    expect(asked).not.toContain('BatchGetItem');
    expect(await left(set)).toEqual([]);
    destroy();
  });

  it('deletes updated faces by their records, in transactions as well', async () => {
    const set = await filledSet();
    const all = await left(set);
    const other = stores.instance();
    for (const [at, { faceId } = { faceId: '' }] of [all[0], all[30]].entries()) {
      await other.update(set, faceId, { fields: { age: at === 0 ? -1 : 40 } });
    }
    const { asked, faceSets, destroy } = watched();
    expect(await faceSets.removeMatching(set, everybody)).toBe(faces - 1);
    expect((await left(set)).map(({ faceId }) => faceId)).toEqual([all[0]?.faceId]);
    expect(asked.filter((name) => name === 'TransactWriteItems')).toHaveLength(3);
    destroy();
  });

  it('leaves a face that an older openfrs has updated, which counts no updates', async () => {
    const set = await filledSet();
    const [changed] = await left(set);
    const { dynamodb, destroy } = createClients(stores.config);
    const uncounted = {
      send: (command: Parameters<DynamoDBClient['send']>[0]) => {
        const { input } = command as { input: { UpdateExpression?: string | undefined } };
        input.UpdateExpression = input.UpdateExpression?.replace(' ADD updates :one', '');
        return dynamodb.send(command);
      },
    };
    const older = stores.instance({ dynamodb: uncounted as DynamoDBClient });
    await older.update(set, changed?.faceId ?? '', { fields: { age: -1 } });
    expect(await stores.instance(options).removeMatching(set, everybody)).toBe(faces - 1);
    expect((await left(set)).map(({ faceId }) => faceId)).toEqual([changed?.faceId]);
    destroy();
  });

  it('goes on face by face where the engine has no transactions', async () => {
    const set = await filledSet();
    const { asked, faceSets, destroy } = watched((name, send) =>
      name === 'TransactWriteItems'
        ? Promise.reject(Object.assign(new Error('Unknown'), { name: 'UnknownOperationException' }))
        : send(),
    );
    expect(await faceSets.removeMatching(set, everybody)).toBe(faces);
    expect(await left(set)).toEqual([]);
    // Not one of them for each transaction that it would have taken.
    expect(asked.filter((name) => name === 'TransactWriteItems').length).toBeLessThanOrEqual(3);
    expect(asked.filter((name) => name === 'PutItem').length).toBeGreaterThanOrEqual(faces);
    destroy();
  });

  it('leaves a face that is changed meanwhile, and matches no more', async () => {
    const set = await filledSet();
    const [changed] = await left(set);
    const other = stores.instance();
    let isChanged = false;
    const faceSets = stores.instance({
      limits,
      async failpoint(name) {
        if (name !== 'change:logged' || isChanged) return;
        isChanged = true;
        await other.update(set, changed?.faceId ?? '', { fields: { age: -1 } });
      },
    });
    expect(await faceSets.removeMatching(set, everybody)).toBe(faces - 1);
    expect((await left(set)).map(({ faceId }) => faceId)).toEqual([changed?.faceId]);
  });

  it('counts what it has deleted where the answer of a transaction is lost and it is sent again', async () => {
    const set = await filledSet();
    let lost = 0;
    const { faceSets, destroy } = watched(async (name, send) => {
      if (name === 'TransactWriteItems' && lost++ === 0) await send();
      return await send();
    });
    expect(await faceSets.removeMatching(set, everybody)).toBe(faces);
    expect(lost).toBeGreaterThan(0);
    expect(await left(set)).toEqual([]);
    destroy();
  });

  it('waits where a face is in a transaction of somebody else', async () => {
    const set = await filledSet();
    const [first] = await left(set);
    let conflicts = 2;
    const { TransactionConflictException } = await import('@aws-sdk/client-dynamodb');
    const { faceSets, destroy } = watched((name, send) => {
      if (name !== 'UpdateItem' || conflicts === 0) return send();
      conflicts -= 1;
      return Promise.reject(new TransactionConflictException({ message: 'ongoing', $metadata: {} }));
    });
    await faceSets.update(set, first?.faceId ?? '', { fields: { age: 33 } });
    expect(conflicts).toBe(0);
    expect((await left(set))[0]?.fields).toMatchObject({ age: 33 });
    destroy();
  });

  it.each([3, 4])('is carried out by others where it stops after %s steps', async (steps) => {
    const set = await filledSet();
    const dying = crashable(stores, options);
    dying.stopAt(steps);
    const removing = dying.faceSets.removeMatching(set, everybody);
    await dying.stopped();
    expect(dying.stoppedAt).toBe('change:face');
    clock += 31_000;
    await createMaintenance({ ...stores, ...options }).compact(set.projectId, set.name);
    expect(await left(set)).toEqual([]);
    dying.resume();
    expect(await removing).toBe(faces);
    expect(await left(set)).toEqual([]);
  });
});
