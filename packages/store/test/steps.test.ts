import { sampled } from '@openfrs/testing/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failpoints } from '../src/index.ts';
import { crashable } from './crashes.ts';
import { startStores, type TestStores } from './embedded.ts';
import { face, spec } from './faces.ts';
import { type History, play, type Write } from './history.ts';
import { expectCode, newProject } from './specification.ts';

const writes: Write[] = [
  { kind: 'add', count: 3 },
  { kind: 'update', pick: 2, age: 11 },
  { kind: 'remove', pick: 3 },
  { kind: 'removeOlder', age: 5 },
  { kind: 'compact', all: true },
];
const steps = [0, 1, 2, 3, 4, 5, 6, 7];

describe('a writer that stops at any step', () => {
  let stores: TestStores;
  const seen = new Set<string>();
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  /** A set with a segment, a tail and a cached index; then the write stops, others repair it, and it goes on. */
  const historyOf = (write: Write, step: number, wakes: boolean): History => [
    { who: 0, act: { kind: 'add', count: 5 } },
    { who: 0, act: { kind: 'add', count: 4 } },
    { who: 1, act: { kind: 'compact', all: false } },
    { who: 1, act: { kind: 'add', count: 2 } },
    { who: 2, act: { kind: 'check', seed: 4 } },
    { who: 0, act: { kind: 'crash', write, step, wakes } },
    { who: 2, act: { kind: 'check', seed: 5 } },
    { who: 1, act: { kind: 'add', count: 1 } },
    { who: 2, act: { kind: 'compact', all: true } },
  ];

  it.each(writes)('leaves a set whole or is carried out: $kind', async (write) => {
    const ends = steps.flatMap((step) => [true, false].map((wakes) => ({ step, wakes })));
    // A run sees a writer stop at every step, and draws whether it goes on later.
    for (const { step, wakes } of sampled(ends, ({ step }) => `${write.kind} ${step}`)) {
      let hasStopped = false;
      const stopped = (name: string) => {
        seen.add(name);
        hasStopped = true;
      };
      await play(stores, historyOf(write, step, wakes), { stopped });
      // It has no more steps: the later ones are the same history.
      if (!hasStopped) break;
    }
  });

  it.each(writes.slice(0, 3))('is settled also when who settles it stops: $kind', async (write) => {
    const ends = [0, 1, 2, 3].flatMap((second) => [1, 2].map((first) => ({ first, second })));
    // A run sees the settler stop at every step, and draws where the writer had stopped.
    for (const { first, second } of sampled(ends, ({ second }) => `settled ${write.kind} ${second}`)) {
      await play(stores, historyOf(write, first, true), {
        stopped: (name) => seen.add(name),
        settlerStopsAt: second,
      });
    }
  });

  it('shows nothing of an add before all of it is there, and counts nothing', async () => {
    const reader = stores.instance();
    const set = await reader.create(newProject(), spec('people', { capacity: 5 }), 10);
    const [first] = await reader.add(set, [face(1)]);
    for (const step of [0, 1, 2, 4]) {
      const dying = crashable(stores, {});
      dying.stopAt(step);
      const adding = dying.faceSets.add(set, [face(2), face(3), face(4)]);
      await dying.stopped();
      expect(await reader.page(set, 0, 10)).toEqual([first]);
      const hits = await reader.search(set, { probe: { vector: face(2).vector }, topN: 10, minCosine: -1 });
      expect(hits.map((hit) => hit.faceId)).toEqual([first?.faceId]);
      expect((await reader.get(set.projectId, set.name)).faceNumber).toBe(1);
      // The places are taken, so that the capacity holds whatever comes of it.
      await expectCode(reader.add(set, [face(5), face(6)]), 'FRS.0306');
      dying.resume();
      const added = await adding;
      expect(await reader.page(set, 0, 10)).toEqual([first, ...added]);
      const everyone = {
        kind: 'equals',
        field: 'external_image_id',
        value: first?.externalImageId ?? '',
      } as const;
      expect(await reader.removeMatching(set, { kind: 'not', operand: everyone })).toBe(3);
    }
  });

  it('is left out by a compaction meanwhile, whichever way it ends', async () => {
    for (const step of [1, 3]) {
      for (const wakes of [true, false]) {
        let clock = Date.now();
        const now = () => clock;
        const sound = crashable(stores, { now });
        const set = await sound.faceSets.create(newProject(), spec('people'), 10);
        const [first, second] = await sound.faceSets.add(set, [face(1), face(2)]);
        const compact = () => sound.maintenance.compact(set.projectId, set.name, { all: true });
        const search = () =>
          stores
            .instance({ now })
            .search(set, { probe: { vector: face(1).vector }, topN: 10, minCosine: -1 });
        const writer = crashable(stores, { now });
        const remover = crashable(stores, { now });
        writer.stopAt(step);
        remover.stopAt(step - 1);
        const byId = { kind: 'equals', field: 'face_id', value: second?.faceId ?? '' } as const;
        const writes = [
          writer.faceSets.add(set, [face(3), face(4)]),
          remover.faceSets.removeMatching(set, byId),
        ];
        await Promise.all([writer.stopped(), remover.stopped()]);
        await compact();
        expect(new Set((await search()).map((hit) => hit.faceId)).has(first?.faceId ?? '')).toBe(true);
        expect((await search()).length).toBeLessThanOrEqual(2);
        if (wakes) {
          writer.resume();
          remover.resume();
          await Promise.all(writes);
        } else {
          clock += 120_000;
          await compact();
        }
        const page = await sound.faceSets.page(set, 0, 10);
        for (let pass = 0; pass < 2; pass++) {
          const found = (await search()).map((hit) => hit.faceId).sort();
          expect(found).toEqual(page.map((entry) => entry.faceId).sort());
          await compact();
        }
      }
    }
  });

  it.each([
    ['create', 3],
    ['remove', 3],
    ['purge', 5],
  ] as const)('leaves a project whole: %s of a set', async (kind, count) => {
    const own = await startStores();
    for (let step = 0; step < count; step++) {
      let clock = Date.now();
      const options = { now: () => clock };
      const project = newProject();
      const sound = crashable(own, options);
      const dying = crashable(own, options);
      const set = await sound.faceSets.create(project, spec('kept'), 2);
      if (kind !== 'create') {
        await sound.faceSets.add(await sound.faceSets.create(project, spec('people'), 2), [face(1)]);
      }
      if (kind === 'purge') {
        await sound.faceSets.remove(project, 'people');
        clock += 11 * 60_000;
      }
      dying.stopAt(step);
      const work =
        kind === 'create'
          ? dying.faceSets.create(project, spec('people'), 2)
          : kind === 'remove'
            ? dying.faceSets.remove(project, 'people')
            : dying.maintenance.sweep();
      const ended = await Promise.race([work.then(() => true), dying.stopped().then(() => false)]);
      if (!ended) seen.add(String(dying.stoppedAt));
      const names = (await sound.faceSets.list(project)).map((entry) => entry.name);
      expect([['kept'], ['kept', 'people']]).toContainEqual(names);
      if (kind === 'remove' && dying.stoppedAt !== undefined) expect(names).toEqual(['kept']);
      if (names.length === 1) {
        await expectCode(sound.faceSets.get(project, 'people'), 'FRS.0302');
        await sound.faceSets.create(project, spec('people'), 2);
      }
      await expectCode(sound.faceSets.create(project, spec('third'), 2), 'FRS.0305');
      clock += 11 * 60_000;
      expect((await sound.maintenance.sweep()).failures).toEqual([]);
      const people = await sound.faceSets.get(project, 'people');
      expect(people.faceNumber).toBe(0);
      expect((await sound.faceSets.get(project, 'kept')).id).toBe(set.id);
      dying.resume();
      await work.catch(() => undefined);
      expect((await sound.faceSets.list(project)).map((entry) => entry.id)).toContain(set.id);
    }
    await own.stop();
  });

  it('has stopped at every step that has a name', () => {
    const elsewhere = /^(add:claimed|import:.*|reindex:.*|replace:.*|restore:.*)$/;
    expect(failpoints.filter((name) => !seen.has(name) && !elsewhere.test(name))).toEqual([]);
  });
});
