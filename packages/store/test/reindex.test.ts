import { GetItemCommand } from '@aws-sdk/client-dynamodb';
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

  const search = async (set: FaceSet, probe: Float32Array, by = stores.instance()): Promise<SearchHit[]> =>
    by.search(set, { probe: { vector: probe }, topN: 100, minCosine: -2 });

  // The first, as each sweep looks at the sets of all.
  it('leaves a copy of a run that was killed to the next sweep, once its lease is over', async () => {
    const set = await filledSet();
    const killed = crashable(stores, {});
    killed.stopAt(2);
    const stood = killed.stopped();
    void killed.transfer.reindexSet(set.projectId, 'people', optionsFor(set));
    await stood;
    await createMaintenance(stores).sweep();
    const before = await createMaintenance(stores).sweep();
    const later = createMaintenance({ ...stores, now: () => Date.now() + 10 * 60_000 });
    await later.sweep();
    const after = await createMaintenance(stores).sweep();
    expect(after.sets).toBe(before.sets - 1);
    expect((await stores.instance().get(set.projectId, 'people')).faceNumber).toBe(11);
    expect(killed.stoppedAt).toBe('reindex:page');
  });

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
    expect(await faceSets.list(set.projectId)).toEqual([now]);
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

  it('refuses to leave an unfinished import behind', async () => {
    const other = await filledSet();
    const more = await stores.instance().create(other.projectId, spec('more'), 5);
    await stores.instance().add(more, [face(300)]);
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

  it.each(['replace:gone', 'replace:named', 'reindex:page', 'replace:ready'] as const)(
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
      const switched = step === 'replace:gone' || step === 'replace:named';
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

  const idOf = (seed: number) => `image${seed}`;
  /** What the set has now: of each face its external image id, and that of the face whose new vector it has. */
  async function vectorsByName(set: FaceSet): Promise<Record<string, string | undefined>> {
    const faceSets = stores.instance();
    const now = await faceSets.get(set.projectId, set.name);
    expect(now.model).toBe('new-model');
    const found: Record<string, string | undefined> = {};
    for (const { externalImageId, box } of await faceSets.page(now, 0, 1000)) {
      const [hit] = await search(now, anew(box.topLeftX), faceSets);
      found[externalImageId] = hit && hit.cosine > 0.999 ? hit.externalImageId : undefined;
    }
    return found;
  }
  const same = (...seeds: number[]) => Object.fromEntries(seeds.map((seed) => [idOf(seed), idOf(seed)]));
  const untouched = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11];

  /** An add that stands before its last step. */
  async function slowAdd(set: FaceSet, seed: number) {
    const slow = crashable(stores, {});
    const stood = slow.stopped();
    slow.stopAt(2);
    const adding = slow.faceSets.add(set, [face(seed)]);
    await stood;
    expect(slow.stoppedAt).toBe('add:written');
    return async () => {
      slow.resume();
      await adding;
    };
  }

  /** Reindexes, and does something when the vectors of a round are copied. */
  async function reindexWith(
    set: FaceSet,
    steps: readonly (() => Promise<unknown>)[],
    vectorOf?: ReindexOptions['vectorOf'],
  ) {
    let round = 0;
    const compact = async (name: string) => {
      await optionsFor(set).compact(name);
      await steps[round]?.();
      round += 1;
    };
    const options = optionsFor(set, { compact, ...(vectorOf && { vectorOf }) });
    return createTransfer(stores).reindexSet(set.projectId, set.name, options);
  }

  it('keeps an add and a delete that were in flight when it read the set', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const end = await slowAdd(set, 100);
    expect(await reindexWith(set, [end])).toMatchObject({ done: true, faces: 12 });
    expect(await vectorsByName(set)).toEqual(same(...untouched, 100));

    const other = await filledSet();
    const [first] = await faceSets.page(other, 0, 1);
    const slow = crashable(stores, {});
    const stood = slow.stopped();
    slow.stopAt(1);
    const removing = slow.faceSets.removeMatching(other, {
      ...{ kind: 'equals', field: 'face_id', value: first?.faceId ?? '' },
    });
    await stood;
    expect(slow.stoppedAt).toBe('change:logged');
    const resume = async () => {
      slow.resume();
      await removing;
    };
    expect(await reindexWith(other, [resume])).toMatchObject({ done: true, faces: 10 });
    expect(await vectorsByName(other)).toEqual(same(...untouched.slice(1)));
  });

  it('keeps faces and vectors together where adds end in another order than they began', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const end = await slowAdd(set, 100);
    const added = await faceSets.add(set, [face(101)]);
    const meanwhile = async () => {
      await end();
      await faceSets.add(set, [face(102)]);
    };
    expect(await reindexWith(set, [meanwhile])).toMatchObject({ done: true, faces: 14 });
    expect(await vectorsByName(set)).toEqual(same(...untouched, 100, 101, 102));
    const page = await faceSets.page(await faceSets.get(set.projectId, 'people'), 0, 100);
    expect(page.find(({ externalImageId }) => externalImageId === idOf(101))?.faceId).toBe(added[0]?.faceId);
  });

  it('keeps a person whose photo is deleted and added again while it runs, in a set that is full', async () => {
    const faceSets = stores.instance();
    const set = await faceSets.create(newProject(), { ...spec('people'), capacity: 3 }, 1);
    const [one] = await faceSets.add(set, [face(0), face(1), face(2)]);
    const again = async () => {
      const byId = { kind: 'equals', field: 'face_id', value: one?.faceId ?? '' } as const;
      await faceSets.removeMatching(set, byId);
      await faceSets.add(set, [face(0)]);
    };
    expect(await reindexWith(set, [again])).toMatchObject({ done: true, faces: 3 });
    expect(await vectorsByName(set)).toEqual(same(0, 1, 2));
  });

  it('gives no number again that a deleted face had', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const last = (await faceSets.page(set, 0, 100)).at(-1)?.faceId ?? '';
    await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: last });
    await reindexWith(set, []);
    const now = await faceSets.get(set.projectId, 'people');
    expect((await faceSets.add(now, [face(60, { vector: anew(60) })]))[0]?.faceId).not.toBe(last);
  });

  it('lets one run work on a set at a time, and nobody remove its copy', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const others = async () => {
      const second = createTransfer(stores).reindexSet(set.projectId, 'people', optionsFor(set));
      await expect(second).rejects.toThrow('Another run');
      await createMaintenance(stores).sweep();
    };
    const compact = async (name: string) => {
      await optionsFor(set).compact(name);
      await expectCode(faceSets.remove(set.projectId, name), 'FRS.0302');
      expect(await faceSets.list(set.projectId)).toMatchObject([{ id: set.id }]);
      await faceSets
        .create(set.projectId, spec('other'), 2)
        .then(() => faceSets.remove(set.projectId, 'other'));
      await expectCode(faceSets.create(set.projectId, spec('other'), 1), 'FRS.0305');
      await others();
    };
    await createTransfer(stores).reindexSet(set.projectId, 'people', optionsFor(set, { compact }));
    expect(await vectorsByName(set)).toEqual(same(...untouched));
  });

  it('replaces nothing once another run has taken over, wherever it stood', async () => {
    const set = await filledSet();
    let late = 0;
    const frozen = createTransfer({
      ...stores,
      async failpoint(name) {
        if (name !== 'replace:ready') return;
        // A process that was frozen for longer than its lease: another one begins and is cut off.
        late = 10 * 60_000;
        const stopping = (step: Failpoint) => {
          if (step === 'reindex:page') throw new Error('stopped');
        };
        const later = createTransfer({ ...stores, now: () => Date.now() + late, failpoint: stopping });
        await expect(later.reindexSet(set.projectId, 'people', optionsFor(set))).rejects.toThrow('stopped');
      },
    });
    const work = frozen.reindexSet(set.projectId, 'people', optionsFor(set));
    await expect(work).rejects.toThrow('Another run');
    const now = await stores.instance().get(set.projectId, 'people');
    expect(now).toMatchObject({ id: set.id, faceNumber: 11 });
    await reindexWith(set, []);
    expect(await vectorsByName(set)).toEqual(same(...untouched));
  });

  it('leaves no copy and no set that refuses writes, however it ends', async () => {
    const set = await filledSet();
    const faceSets = stores.instance();
    const isLeft = async () => {
      const item = await stores.dynamodb.send(
        new GetItemCommand({
          TableName: stores.table,
          Key: { pk: { S: `PROJECT#${set.projectId}` }, sk: { S: 'SETS' } },
        }),
      );
      return Object.keys(item.Item?.faceSets?.M ?? {}).filter((name) => name.includes('~'));
    };
    const add = (seed: number) => () => faceSets.add(set, [face(seed)]);
    const without = async ({ box }: { box: { topLeftX: number } }) =>
      box.topLeftX === 200 ? undefined : anew(box.topLeftX);
    const result = await reindexWith(
      set,
      [add(100), add(101), () => Promise.reject(new Error('full'))],
      without,
    ).catch((error: Error) => error.message);
    expect(result).toBe('full');
    expect(await isLeft()).toEqual([]);
    expect(await reindexWith(set, [add(200)], without)).toMatchObject({ done: false });
    expect(await isLeft()).toEqual([]);
    await add(102)();
    const removed = reindexWith(set, [() => faceSets.remove(set.projectId, 'people')]);
    await expectCode(removed, 'FRS.0302');
    expect(await isLeft()).toEqual([]);
  });

  it('reindexes sets with the longest names, also beside one that is called as copies once were', async () => {
    const faceSets = stores.instance();
    const name = `${'a'.repeat(53)}_reindexing`;
    const project = newProject();
    const set = await faceSets.create(project, { ...spec(name) }, 1);
    await faceSets.add(set, [face(0)]);
    expect(await reindexWith(set, [], async () => undefined)).toMatchObject({ done: false });
    expect(await faceSets.list(project)).toMatchObject([{ id: set.id, faceNumber: 1 }]);
    expect(await reindexWith(set, [])).toMatchObject({ done: true });
    expect(await faceSets.list(project)).toMatchObject([{ name, model: 'new-model' }]);
  });
});
