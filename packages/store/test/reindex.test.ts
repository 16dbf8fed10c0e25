import type { FaceSet, SearchHit } from '@openfrs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMaintenance, createTransfer, type Failpoint, type ReindexOptions } from '../src/index.ts';
import { crashable } from './crashes.ts';
import { startStores, type TestStores } from './embedded.ts';
import { face, spec, vector } from './faces.ts';
import { expectCode, newProject } from './specification.ts';

/** The vectors of another model: of another length, and different for each face. */
const dimension = 96;
const anew = (seed: number) => vector(1000 + seed, dimension);

describe('reindexing a set', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  async function filledSet(count = 12): Promise<FaceSet> {
    const faceSets = stores.instance();
    const set = await faceSets.create(newProject(), spec('people'), 1);
    const added = await faceSets.add(
      set,
      Array.from({ length: count }, (_, i) => face(i, { fields: { age: i, ref: 2n ** 62n + BigInt(i) } })),
    );
    await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: added[3]?.faceId ?? '' });
    return set;
  }

  function optionsFor(set: FaceSet, more: Partial<ReindexOptions> = {}): ReindexOptions {
    const maintenance = createMaintenance(stores);
    return {
      model: { id: 'new-model', dimension },
      vectorOf: async ({ box }) => anew(box.topLeftX),
      leaveOut: false,
      parallel: 2,
      compact: (name) => maintenance.compact(set.projectId, name, { all: true }),
      ...more,
    };
  }

  const search = async (set: FaceSet, probe: Float32Array): Promise<SearchHit[]> =>
    stores.instance().search(set, { probe: { vector: probe }, topN: 100, minCosine: -2 });

  it('gives every face its new vector under its old id, and its name to the set that has them', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const before = await faceSets.page(set, 0, 100);
    const result = await createTransfer(stores).reindexSet(set.projectId, 'people', optionsFor(set));
    expect(result).toEqual({ done: true, faces: 11, missing: [] });
    const now = await faceSets.get(set.projectId, 'people');
    expect(now).toMatchObject({ model: 'new-model', dimension, faceNumber: 11, createdAt: set.createdAt });
    expect(await faceSets.list(set.projectId)).toEqual([now]);
    expect(await faceSets.page(now, 0, 100)).toEqual(before);
    const [first] = await search(now, anew(5));
    expect(first).toMatchObject({ externalImageId: 'image5', cosine: expect.closeTo(1, 5) });
    const [next] = await faceSets.add(now, [face(50, { vector: anew(50) })]);
    expect(before.map(({ faceId }) => faceId)).not.toContain(next?.faceId);
  });

  it('takes over what is added, changed and deleted while it runs', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const [one, two, three] = await faceSets.page(set, 0, 3);
    let rounds = 0;
    const compact = async (name: string) => {
      await optionsFor(set).compact(name);
      expect((await faceSets.get(set.projectId, name)).model).toBe('new-model');
      rounds += 1;
      if (rounds > 1) return;
      await faceSets.add(set, [face(70), face(71)]);
      await faceSets.update(set, one?.faceId ?? '', { externalImageId: 'renamed', fields: { age: 99 } });
      const byId = { kind: 'equals', field: 'face_id', value: two?.faceId ?? '' } as const;
      await faceSets.removeMatching(set, byId);
    };
    await createTransfer(stores).reindexSet(set.projectId, 'people', optionsFor(set, { compact }));
    expect(rounds).toBe(2);
    const now = await faceSets.get(set.projectId, 'people');
    const page = await faceSets.page(now, 0, 100);
    expect(page.map(({ box }) => box.topLeftX)).toEqual([0, 2, 4, 5, 6, 7, 8, 9, 10, 11, 70, 71]);
    expect(page[0]).toMatchObject({ faceId: one?.faceId, externalImageId: 'renamed', fields: { age: 99 } });
    expect(page[1]).toEqual(three);
    expect((await search(now, anew(71)))[0]).toMatchObject({ externalImageId: 'image71' });
    await expectCode(faceSets.get(set.projectId, 'people_reindexing'), 'FRS.0302');
  });

  it('leaves the set as it is while a face has no vector, and leaves such faces out if it is told to', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const vectorOf: ReindexOptions['vectorOf'] = async ({ box }) =>
      box.topLeftX === 5 ? undefined : anew(box.topLeftX);
    const transfer = createTransfer(stores);
    const options = optionsFor(set, { vectorOf });
    const result = await transfer.reindexSet(set.projectId, 'people', options);
    expect(result).toMatchObject({ done: false, faces: 10, missing: [{ externalImageId: 'image5' }] });
    expect(await faceSets.list(set.projectId)).toMatchObject([
      { name: 'people', id: set.id, model: set.model },
    ]);
    const leaveOut = await transfer.reindexSet(set.projectId, 'people', { ...options, leaveOut: true });
    expect(leaveOut).toMatchObject({ done: true, faces: 10, missing: [{ externalImageId: 'image5' }] });
    const repeated = await transfer.reindexSet(set.projectId, 'people', options);
    expect(repeated).toEqual({ done: true, faces: 10, missing: [] });
  });

  it('refuses to take the place of a set that it did not make, and to leave an unfinished import behind', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    await faceSets.create(set.projectId, spec('people_reindexing'), 5);
    const work = createTransfer(stores).reindexSet(set.projectId, 'people', optionsFor(set));
    await expect(work).rejects.toThrow('people_reindexing');
    expect(await faceSets.list(set.projectId)).toHaveLength(2);
    const other = await filledSet();
    const more = await faceSets.create(other.projectId, spec('more'), 5);
    await faceSets.add(more, [face(300)]);
    const lines: string[] = [];
    for await (const line of createTransfer(stores).exportSet(other.projectId, 'more'))
      lines.push(line.trimEnd());
    const stopping = createTransfer({
      ...stores,
      failpoint: (name) => {
        if (name === 'import:batch') throw new Error('stopped');
      },
    });
    const importing = stopping.importSet(
      other.projectId,
      async function* () {
        yield* lines;
      },
      { name: 'people', maxSets: 5 },
    );
    await expect(importing).rejects.toThrow('stopped');
    const unfinished = createTransfer(stores).reindexSet(other.projectId, 'people', optionsFor(other));
    await expect(unfinished).rejects.toThrow('abandon-imports');
  });

  it.each(['replace:gone', 'replace:named', 'import:batch', 'import:noted'] as const)(
    'is whole for everybody where it stops at %s, and is finished by another run or by who comes along',
    async (step) => {
      const set = await filledSet();
      const reader = stores.instance();
      await reader.get(set.projectId, 'people');
      const stopping = (name: Failpoint) => {
        if (name === step) throw new Error('stopped');
      };
      const dying = createTransfer({ ...stores, failpoint: stopping });
      await expect(dying.reindexSet(set.projectId, 'people', optionsFor(set))).rejects.toThrow('stopped');
      const switched = step.startsWith('replace');
      for (const instance of [reader, stores.instance()]) {
        const { set: found, hits } = await instance.searchNamed(set.projectId, 'people', ({ model }) => ({
          probe: { vector: model === 'new-model' ? anew(7) : vector(7) },
          ...{ topN: 1, minCosine: -1 },
        }));
        expect(found.model).toBe(switched ? 'new-model' : set.model);
        expect(hits).toMatchObject([{ externalImageId: 'image7', cosine: expect.closeTo(1, 5) }]);
      }
      await createTransfer(stores).reindexSet(set.projectId, 'people', optionsFor(set));
      expect(await reader.list(set.projectId)).toMatchObject([
        { name: 'people', model: 'new-model', faceNumber: 11 },
      ]);
      await expectCode(reader.create(set.projectId, spec('people'), 5), 'FRS.0301');
      await createMaintenance(stores).sweep();
      expect((await reader.get(set.projectId, 'people')).faceNumber).toBe(11);
    },
  );

  it('is finished by a sweep, a new set of its name or its removal, where it stopped before its name was changed', async () => {
    const stopping = (name: Failpoint) => {
      if (name === 'replace:gone') throw new Error('stopped');
    };
    const comers: ((set: FaceSet) => Promise<unknown>)[] = [
      () => createMaintenance(stores).sweep(),
      (set) => expectCode(stores.instance().create(set.projectId, spec('people'), 5), 'FRS.0301'),
      (set) => stores.instance().list(set.projectId),
    ];
    for (const comeAlong of comers) {
      const set = await filledSet(4);
      const dying = createTransfer({ ...stores, failpoint: stopping });
      await expect(dying.reindexSet(set.projectId, 'people', optionsFor(set))).rejects.toThrow('stopped');
      await comeAlong(set);
      expect(await stores.instance().list(set.projectId)).toMatchObject([
        { name: 'people', model: 'new-model', faceNumber: 3 },
      ]);
    }
    const set = await filledSet(4);
    const dying = createTransfer({ ...stores, failpoint: stopping });
    await expect(dying.reindexSet(set.projectId, 'people', optionsFor(set))).rejects.toThrow('stopped');
    await stores.instance().remove(set.projectId, 'people');
    expect(await stores.instance().list(set.projectId)).toEqual([]);
  });

  it('loses no write that is acknowledged: one with the old set in hand is done or told to come again', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const added: string[] = [];
    let running = true;
    const writer = (async () => {
      for (let seed = 100; running; seed += 1) {
        const [one] = await faceSets.add(set, [face(seed)]).catch((error: { code?: string }) => {
          expect(error.code).toBe('FRS.0033');
          running = false;
          return [];
        });
        if (one) added.push(one.faceId);
      }
    })();
    const slow = crashable(stores, {});
    await slow.transfer.reindexSet(set.projectId, 'people', optionsFor(set)).finally(() => {
      running = false;
    });
    await writer;
    const now = await faceSets.get(set.projectId, 'people');
    const page = (await faceSets.page(now, 0, 1000)).map(({ faceId }) => faceId);
    expect(page).toEqual(expect.arrayContaining(added));
  });
});
