import type { FaceSet } from '@openfrs/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Crashable, crashable } from './crashes.ts';
import type { TestStores } from './embedded.ts';
import { spec } from './faces.ts';
import { changed, expectHolds, listed, type ModelFace, newFaces, older, without } from './model.ts';
import { newProject } from './specification.ts';

const who = fc.nat({ max: 2 });
const write = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('update' as const), pick: fc.nat(), age: fc.nat({ max: 19 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('removeOlder' as const),
      age: fc.integer({ min: 12, max: 19 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('compact' as const), all: fc.boolean() }) },
);
export type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

/** A random history of one set, seen and written by three instances. */
export const histories = fc.array(
  fc.record({
    who,
    act: fc.oneof(
      { weight: 10, arbitrary: write },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('check' as const), seed: fc.nat({ max: 60 }) }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('prepare' as const), looksAgain: fc.boolean() }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('restart' as const, 'wait' as const, 'sweep' as const),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('crash' as const),
          write,
          step: fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 9 })),
          wakes: fc.boolean(),
        }),
      },
    ),
  }),
  { minLength: 4, maxLength: 24 },
);
export type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

const limits = { tailRows: 6, segmentRows: 16, logChanges: 4, cacheBytes: 60_000, transactionFaces: 2 };
const minute = 60_000;

export interface PlayOptions {
  /**
   * The same stores over clients whose requests may fail: then a write may fail too, but what it leaves behind must be
   * whole.
   */
  readonly faulty?: TestStores;
  /** Told where a write stopped. */
  readonly stopped?: (step: string) => void;
  /** The step at which the first one stops who repairs what a stopped write left behind. */
  readonly settlerStopsAt?: number;
}

/**
 * Plays a history against the stores and a model; throws where they differ.
 */
export async function play(
  stores: TestStores,
  history: History,
  { faulty, stopped = () => undefined, settlerStopsAt }: PlayOptions = {},
): Promise<void> {
  let clock = Date.now();
  const options = { limits, now: () => clock };
  const open = () => crashable(faulty ?? stores, options);
  const instances: Crashable[] = [open(), open(), open()];
  const reliable = crashable(stores, options);
  const set = await reliable.faceSets.create(newProject(), spec('history'), 10);
  let faces: ModelFace[] = [];
  let seed = 0;

  /** Does one write; answers what the set holds after it. */
  async function perform(instance: Crashable, act: Write): Promise<ModelFace[]> {
    const before = faces;
    const picked = 'pick' in act ? before[act.pick % Math.max(1, before.length)] : undefined;
    switch (act.kind) {
      case 'add': {
        const added = newFaces(seed, act.count);
        seed += act.count;
        const stored = await instance.faceSets.add(set, added);
        return [...before, ...stored.map((entry, i) => ({ ...entry, seed: added[i]?.seed ?? -1 }))];
      }
      case 'update':
        if (picked === undefined) return before;
        await instance.faceSets.update(set, picked.faceId, { fields: { age: act.age } });
        return changed(before, picked.faceId, { fields: { age: act.age } });
      case 'remove': {
        if (picked === undefined) return before;
        const filter = { kind: 'equals', field: 'face_id', value: picked.faceId } as const;
        expect(await instance.faceSets.removeMatching(set, filter)).toBe(1);
        return without(before, filter);
      }
      case 'removeOlder': {
        const left = without(before, older(act.age));
        expect(await instance.faceSets.removeMatching(set, older(act.age))).toBe(before.length - left.length);
        return left;
      }
      case 'compact':
        await instance.maintenance.compact(set.projectId, set.name, { all: act.all });
        return before;
    }
  }

  const sleepers: (() => Promise<void>)[] = [];

  /** After a crash or a failure: others put right what was left half done; all else is as before. */
  async function recover(act: Write, seedBefore: number): Promise<void> {
    clock += 2 * minute;
    if (settlerStopsAt !== undefined) {
      const settler = open();
      settler.stopAt(settlerStopsAt);
      const settling = settler.maintenance.compact(set.projectId, set.name);
      await Promise.race([settling, settler.stopped()]);
      if (settler.stoppedAt !== undefined) stopped(settler.stoppedAt);
      sleepers.push(async () => {
        settler.resume();
        await settling;
      });
    }
    await reliable.maintenance.compact(set.projectId, set.name);
    faces = await settled(reliable, set, faces, act, seedBefore);
    await expectHolds(reliable.faceSets, set, faces, 1);
  }

  function tolerate(error: Error): undefined {
    if (faulty === undefined || error.name === 'AssertionError') throw error;
  }

  for (const { who: index, act } of history) {
    const instance = instances[index] as Crashable;
    const seedBefore = seed;
    if (act.kind === 'check')
      await expectHolds(faulty ? reliable.faceSets : instance.faceSets, set, faces, act.seed);
    else if (act.kind === 'prepare') {
      // Not waited for: what comes next meets it under way. Without looking again it begins from what was read before.
      if (act.looksAgain) await instance.faceSets.get(set.projectId, set.name).catch(tolerate);
      instance.faceSets.prepare(set);
    } else if (act.kind === 'restart') instances[index] = open();
    else if (act.kind === 'wait') clock += 11 * minute;
    else if (act.kind === 'sweep') expect((await reliable.maintenance.sweep()).failures).toEqual([]);
    else if (act.kind === 'crash') {
      instance.stopAt(act.step);
      const result = perform(instance, act.write);
      const done = await Promise.race([result.catch(tolerate), instance.stopped().then(() => undefined)]);
      instance.stopAt(undefined);
      if (done !== undefined) {
        faces = done;
        continue;
      }
      stopped(String(instance.stoppedAt));
      instances[index] = open();
      await recover(act.write, seedBefore);
      if (!act.wakes) continue;
      instance.resume();
      await result.catch(tolerate);
      await recover(act.write, seedBefore);
    } else {
      const done = await perform(instance, act as Write).catch(tolerate);
      if (done === undefined) await recover(act as Write, seedBefore);
      else faces = done;
    }
  }
  for (const wake of sleepers) await wake();
  for (const instance of faulty ? [reliable] : [...instances, reliable, open()]) {
    await expectHolds(instance.faceSets, set, faces, 3);
  }
  const report = await reliable.maintenance.verifySet(set.projectId, set.name, { repair: false });
  expect(report).toMatchObject({ faces: faces.length, counted: faces.length, lostSegments: [] });
}

/** After a crash and its repair, the write has happened wholly or not at all. */
async function settled(
  instance: Crashable,
  set: FaceSet,
  before: readonly ModelFace[],
  act: Write,
  seed: number,
): Promise<ModelFace[]> {
  const now = await instance.faceSets.page(set, 0, 10_000);
  const seeds = new Map(before.map((entry) => [entry.faceId, entry.seed]));
  const fresh = now.filter((entry) => !seeds.has(entry.faceId));
  if (act.kind === 'add') {
    const added = newFaces(seed, act.count);
    if (fresh.length > 0) {
      expect(fresh.map((entry) => entry.box.topLeftX)).toEqual(added.map((entry) => entry.seed));
    }
    expect(now).toEqual([...before.map(listed), ...fresh]);
    return [...before, ...fresh.map((entry, i) => ({ ...entry, seed: seed + i }))];
  }
  const after = expectedAfter(before, act);
  const same = (faces: readonly ModelFace[]) => JSON.stringify(faces.map(listed)) === JSON.stringify(now);
  expect(same(before) || same(after)).toBe(true);
  return same(after) ? after : [...before];
}

function expectedAfter(before: readonly ModelFace[], act: Write): ModelFace[] {
  const picked = 'pick' in act ? before[act.pick % Math.max(1, before.length)] : undefined;
  if (act.kind === 'removeOlder') return without(before, older(act.age));
  if (picked === undefined) return [...before];
  if (act.kind === 'update') return changed(before, picked.faceId, { fields: { age: act.age } });
  if (act.kind === 'remove') {
    return without(before, { kind: 'equals', field: 'face_id', value: picked.faceId });
  }
  return [...before];
}
