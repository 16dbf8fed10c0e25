import type { FaceSet, StoredFace } from '@openfrs/core';
import { injectFaults, seeded } from '@openfrs/testing/faults';
import { sampled } from '@openfrs/testing/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMaintenance } from '../src/index.ts';
import { crashable } from './crashes.ts';
import { reopened, startStores, type TestStores } from './embedded.ts';
import { face, spec } from './faces.ts';
import { expectCode, newProject } from './specification.ts';

const minute = 60_000;
const faces = [face(1), face(2), face(3)];

describe('faces that are to be added once under a name', () => {
  let stores: TestStores;
  let clock = Date.now();
  const now = () => clock;
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  const newSet = (capacity = 100) => stores.instance().create(newProject(), spec('people', { capacity }), 10);
  const listed = (set: FaceSet) => stores.instance({ now }).page(set, 0, 100);
  async function expectWhole(set: FaceSet, expected: readonly StoredFace[]): Promise<void> {
    expect(await listed(set)).toEqual(expected);
    const maintenance = createMaintenance({ ...stores, now });
    const report = await maintenance.verifySet(set.projectId, set.name, { repair: false });
    expect(report).toMatchObject({ faces: expected.length, counted: expected.length });
  }

  it('are there once however often they are added, and the answer is the same', async () => {
    const set = await newSet();
    const [one, two] = [stores.instance({ now }), stores.instance({ now })];
    const added = await one.add(set, faces, { once: 'a photo' });
    expect(added).toHaveLength(3);
    expect(await one.add(set, faces, { once: 'a photo' })).toEqual(added);
    expect(await two.add(set, faces, { once: 'a photo' })).toEqual(added);
    await expectWhole(set, added);
    const other = await two.add(set, faces, { once: 'another photo' });
    await expectWhole(set, [...added, ...other]);
  });

  it('stay deleted when they are added again', async () => {
    const set = await newSet();
    const one = stores.instance({ now });
    const [first, ...others] = await one.add(set, faces, { once: 'a photo' });
    await one.removeMatching(set, { kind: 'equals', field: 'face_id', value: first?.faceId ?? '' });
    expect(await one.add(set, faces, { once: 'a photo' })).toEqual(others);
    await expectWhole(set, others);
  });

  it('may be added again after a refusal', async () => {
    const set = await newSet(4);
    const one = stores.instance({ now });
    const before = await one.add(set, [face(8), face(9)]);
    await expectCode(one.add(set, faces, { once: 'a photo' }), 'FRS.0306');
    await one.removeMatching(set, { kind: 'equals', field: 'face_id', value: before[0]?.faceId ?? '' });
    const added = await one.add(set, faces, { once: 'a photo' });
    await expectWhole(set, [...before.slice(1), ...added]);
  });

  it('are there once when eight instances add them at a time, even in the last places', async () => {
    const set = await newSet(faces.length);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => stores.instance({ now }).add(set, faces, { once: 'a photo' })),
    );
    const codes = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    // Who comes while another is at it is told to come again, never that the set is full.
    expect(new Set(codes)).toEqual(new Set(codes.length === 0 ? [] : ['FRS.0018']));
    const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(answers.length).toBeGreaterThan(0);
    const again = await stores.instance({ now }).add(set, faces, { once: 'a photo' });
    for (const answer of answers) expect(answer).toEqual(again);
    await expectWhole(set, again);
  });

  it('are there once wherever the first one stopped, and if it wakes after that', async () => {
    const seen = new Set<string>();
    for (let step = 0; ; step++) {
      const set = await newSet();
      const instance = crashable(stores, { now });
      instance.stopAt(step);
      const result = instance.faceSets.add(set, faces, { once: 'a photo' });
      const ended = await Promise.race([result.then(() => true), instance.stopped().then(() => false)]);
      if (ended) break;
      seen.add(String(instance.stoppedAt));
      const second = stores.instance({ now });
      const early = await second.add(set, faces, { once: 'a photo' }).catch((error) => error.code);
      if (early === 'FRS.0018') clock += 2 * minute;
      const added = await second.add(set, faces, { once: 'a photo' });
      expect(added).toHaveLength(3);
      await expectWhole(set, added);
      instance.resume();
      expect(await result).toEqual(added);
      await expectWhole(set, added);
    }
    expect([...seen]).toEqual(['add:reserved', 'add:claimed', 'add:face', 'add:written', 'add:ended']);
  });

  it('are there once when the second one is stopped as well while it settles the first', async () => {
    const steps = [0, 1, 2, 3, 4, 5, 6, 7];
    const ends = steps.flatMap((second) => [0, 2, 4, 6].map((first) => ({ first, second })));
    // A run sees the second one stop at every step, and draws where the first one had stopped.
    for (const { first, second } of sampled(ends, ({ second }) => `second ${second}`)) {
      const set = await newSet();
      const dead = crashable(stores, { now });
      dead.stopAt(first);
      const results = [dead.faceSets.add(set, faces, { once: 'a photo' })];
      await Promise.race([...results, dead.stopped()]);
      clock += 2 * minute;
      const next = crashable(stores, { now });
      next.stopAt(second);
      results.push(next.faceSets.add(set, faces, { once: 'a photo' }));
      await Promise.race([results[1], next.stopped()]);
      clock += 2 * minute;
      const added = await stores.instance({ now }).add(set, faces, { once: 'a photo' });
      dead.resume();
      next.resume();
      for (const result of results) expect(await result).toEqual(added);
      await expectWhole(set, added);
    }
  });

  it('are there once over stores whose requests fail, are lost or are carried out unanswered', async () => {
    const random = seeded(7);
    const faulty = reopened(stores);
    injectFaults(faulty, () => {
      const draw = random();
      return draw < 0.1 ? 'unanswered' : draw < 0.2 ? 'unsent' : draw < 0.25 ? 'failed' : undefined;
    });
    for (let round = 0; round < 12; round++) {
      const set = await newSet();
      for (let attempt = 0; attempt < 3; attempt++) {
        const instances = [faulty.instance({ now }), faulty.instance({ now })];
        await Promise.allSettled(instances.map((one) => one.add(set, faces, { once: 'a photo' })));
        clock += 2 * minute;
      }
      const added = await stores.instance({ now }).add(set, faces, { once: 'a photo' });
      expect(added).toHaveLength(3);
      await expectWhole(set, added);
    }
    await faulty.stop();
  });
});
