import { FrsError } from '@openfrs/contract';
import type { FaceSets } from '@openfrs/core';
import { seeded } from '@openfrs/testing/faults';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMaintenance } from '../src/index.ts';
import { startStores, type TestStores } from './embedded.ts';
import { face, spec, vector } from './faces.ts';
import { expectCode, newProject } from './specification.ts';

const everything = { topN: 1000, minCosine: -1 };

describe('face sets under concurrent use', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  it('lets 300 parallel adds fill a set to its capacity and not one face further', async () => {
    const instances = Array.from({ length: 4 }, () => stores.instance());
    const set = await first(instances).create(newProject(), spec('edge', { capacity: 200 }), 10);
    const results = await Promise.allSettled(
      Array.from({ length: 300 }, (_, i) =>
        pick(instances, i).add(set, i % 10 === 0 ? [face(i), face(i + 1000), face(i + 2000)] : [face(i)]),
      ),
    );
    const added = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(errors.map((error) => (error instanceof FrsError ? error.code : error))).toEqual(
      errors.map(() => 'FRS.0306'),
    );
    const page = await first(instances).page(set, 0, 1000);
    expect(new Set(page.map((entry) => entry.faceId))).toEqual(new Set(added.map((entry) => entry.faceId)));
    expect(page.length).toBe(added.length);
    // A triple that finds one or two places left is refused, so the last places may stay free.
    expect(page.length).toBeGreaterThanOrEqual(198);
    expect((await first(instances).get(set.projectId, set.name)).faceNumber).toBe(page.length);
  });

  it('never shows what was deleted and always shows what was added, whoever reads, compacts and evicts meanwhile', async () => {
    const limits = {
      tailRows: 20,
      segmentRows: 64,
      logChanges: 10,
      cacheBytes: 50_000,
      graceMs: 300,
      staleAfterMs: 60_000,
    };
    const instances = Array.from({ length: 4 }, () => stores.instance({ limits }));
    const maintenance = createMaintenance({ ...stores, limits });
    const set = await first(instances).create(newProject(), spec('busy'), 10);
    const present = new Map<string, number>();
    const deleted = new Set<string>();
    let seed = 0;
    let searches = 0;
    const started = Date.now();
    /** Long enough for all of them to meet, however slow the machine. */
    const enough = () => Date.now() - started > 4000 && searches > 20 && deleted.size > 20;

    async function write(faceSets: FaceSets, random: () => number): Promise<void> {
      const choice = random();
      const known = [...present.keys()];
      if (choice < 0.5 || known.length < 5) {
        const seeds = Array.from({ length: 1 + Math.floor(random() * 3) }, () => seed++);
        const added = await faceSets.add(
          set,
          seeds.map((one) => face(one, { fields: { age: one % 50 } })),
        );
        for (const [i, entry] of added.entries()) present.set(entry.faceId, seeds[i] ?? -1);
        return;
      }
      const id = known[Math.floor(random() * known.length)] ?? '';
      if (choice < 0.7) {
        await faceSets.update(set, id, { fields: { age: 49 } }).catch((error) => {
          if (!(error instanceof FrsError && error.code === 'FRS.0403')) throw error;
        });
        return;
      }
      present.delete(id);
      await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: id });
      deleted.add(id);
    }
    async function read(faceSets: FaceSets): Promise<void> {
      const goneBefore = new Set(deleted);
      const thereBefore = [...present.keys()];
      // Every other one as requests with a face id search: while the set is looked up.
      const query = { probe: { vector: vector(1) }, ...everything };
      const hits =
        searches % 2 === 0
          ? await faceSets.search(set, query)
          : (await faceSets.searchNamed(set.projectId, set.name, () => query)).hits;
      searches += 1;
      const found = new Set(hits.map((hit) => hit.faceId));
      expect([...found].filter((id) => goneBefore.has(id))).toEqual([]);
      // What was there all the time must be found.
      const lasting = thereBefore.filter((id) => present.has(id));
      expect(lasting.filter((id) => !found.has(id))).toEqual([]);
    }
    async function repeat(work: () => Promise<unknown>): Promise<void> {
      while (!enough()) await work();
    }
    await Promise.all([
      ...instances.map((faceSets, i) => {
        const random = seeded(i);
        return repeat(() => write(faceSets, random));
      }),
      ...instances.map((faceSets) => repeat(() => read(faceSets))),
      repeat(() => maintenance.compact(set.projectId, set.name)),
      repeat(() => maintenance.compact(set.projectId, set.name)),
    ]);
    const last = stores.instance();
    const page = await last.page(set, 0, 10_000);
    expect(new Set(page.map((entry) => entry.faceId))).toEqual(new Set(present.keys()));
    const report = await maintenance.verifySet(set.projectId, set.name, { repair: false });
    expect(report).toMatchObject({ faces: page.length, counted: page.length, lostSegments: [] });
  }, 180_000);

  it('removes a set while it is being written and searched: writers are told, and nothing is left', async () => {
    let clock = Date.now();
    const options = { now: () => clock };
    const instances = Array.from({ length: 3 }, () => stores.instance(options));
    const maintenance = createMaintenance({ ...stores, ...options });
    const project = newProject();
    const set = await first(instances).create(project, spec('doomed'), 10);
    let stop = false;
    let rounds = 0;
    const writers = instances.flatMap((faceSets, i) => [
      untilRefused(() => faceSets.add(set, [face(i), face(i + 10)])),
      untilRefused(() => faceSets.search(set, { probe: { vector: vector(i) }, ...everything })),
    ]);
    async function untilRefused(work: () => Promise<unknown>): Promise<unknown> {
      try {
        for (; !stop; rounds++) await work();
        return undefined;
      } catch (error) {
        return error;
      }
    }
    await expect.poll(() => rounds, { timeout: 50_000 }).toBeGreaterThan(20);
    await first(instances).remove(project, 'doomed');
    await maintenance.run({ kind: 'purge', projectId: project, setId: set.id });
    const endings = await Promise.all(writers);
    stop = true;
    expect(endings.map((error) => (error instanceof FrsError ? error.code : error))).toEqual(
      endings.map(() => 'FRS.0302'),
    );
    expect((await maintenance.sweep()).purgeLater).toBe(1);
    clock += 11 * 60_000;
    expect((await maintenance.sweep()).purged).toBe(1);
    expect(await maintenance.countStoredItems(set.id)).toEqual({ records: 0, vectors: 0, segments: 0 });
    await expectCode(first(instances).get(project, 'doomed'), 'FRS.0302');
  });
});

function pick<T>(list: readonly T[], i: number): T {
  return list[i % list.length] as T;
}

const first = <T>(list: readonly T[]) => pick(list, 0);
