import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { FaceSet, FaceSets } from '@openfrs/core';
import { type ByteRange, readSegmentPlan, type SegmentPlan, segmentHeaderBytes } from '@openfrs/search';
import { injectFaults } from '@openfrs/testing/faults';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMaintenance, type Maintenance, type MaintenanceTask } from '../src/index.ts';
import { crashable } from './crashes.ts';
import { bucket, reopened, startStores, type TestStores } from './embedded.ts';
import { spec, vector } from './faces.ts';
import { changed, expectHolds, listed, type ModelFace, newFaces, older, without } from './model.ts';
import { newProject } from './specification.ts';
import { xxh64 } from './xxh64.ts';

const minute = 60_000;

describe('segments', () => {
  let stores: TestStores;
  let clock = Date.now();
  const limits = { tailRows: 20, segmentRows: 50 };
  /** Of each set: two segments. */
  const count = 80;
  /** A tail that is due. */
  const more = 24;
  const options = { limits, now: () => clock };
  let maintenance: Maintenance;
  let set: FaceSet;
  let faces: ModelFace[];
  beforeAll(async () => {
    stores = await startStores();
    maintenance = createMaintenance({ ...stores, ...options });
  });
  afterAll(() => stores.stop());
  beforeEach(async () => {
    clock = Date.now();
    const faceSets = stores.instance(options);
    set = await faceSets.create(newProject(), spec('people'), 10);
    faces = await add(faceSets, 0, count);
    await maintenance.compact(set.projectId, set.name);
  });

  async function add(faceSets: FaceSets, seed: number, count: number): Promise<ModelFace[]> {
    const added: ModelFace[] = [];
    for (let start = seed; start < seed + count; start += 50) {
      const batch = newFaces(start, Math.min(50, seed + count - start));
      const stored = await faceSets.add(set, batch);
      added.push(...stored.map((face, i) => ({ ...face, seed: start + i })));
    }
    return added;
  }
  async function keys(): Promise<string[]> {
    const Prefix = `segments/${set.id}/`;
    const { Contents } = await stores.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    return (Contents ?? []).map(({ Key }) => Key ?? '');
  }
  async function damage(key: string, places: (plan: SegmentPlan) => ByteRange): Promise<void> {
    const answer = await stores.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const bytes = await answer.Body?.transformToByteArray();
    if (bytes === undefined) throw new Error('no segment');
    const { offset, length } = places(readSegmentPlan(bytes));
    for (let at = offset; at < offset + length; at++) bytes[at] = (bytes[at] ?? 0) ^ 0x0f;
    await stores.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  }
  /** Another header before the same bytes, as another version writes it: with a checksum that is right. */
  async function rewriteHeader(key: string, change: (json: object) => object): Promise<void> {
    const answer = await stores.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    const length = bytes.readUInt32LE(8);
    const json = Buffer.from(JSON.stringify(change(JSON.parse(bytes.toString('utf8', 24, 24 + length)))));
    bytes.fill(0, 24, segmentHeaderBytes);
    json.copy(bytes, 24);
    bytes.writeUInt32LE(json.length, 8);
    bytes.writeBigUInt64LE(xxh64(json), 16);
    await stores.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  }
  function counting(choose: (command: string) => undefined = () => undefined) {
    const counts = new Map<string, number>();
    const other = reopened(stores);
    injectFaults(other, (command) => {
      counts.set(command, (counts.get(command) ?? 0) + 1);
      return choose(command);
    });
    return { counts, faceSets: other.instance(options), close: () => other.destroy() };
  }

  it('hold a set in pieces of limited size; a warm search reads one small record and no object', async () => {
    expect(await keys()).toHaveLength(2);
    const { counts, faceSets, close } = counting();
    await expectHolds(faceSets, set, faces, 5);
    await faceSets.whenIdle();
    counts.clear();
    const hits = await faceSets.search(set, { probe: { vector: vector(3) }, topN: 50, minCosine: -1 });
    expect(hits).toHaveLength(50);
    expect([...counts]).toEqual([['GetItemCommand', 1]]);
    close();
  });

  it('are due where a task should have written them: for a long tail or many changes, not for one change', async () => {
    const faceSets = stores.instance(options);
    const remove = (face: ModelFace | undefined) =>
      faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: face?.faceId ?? '' });
    const due = async () => (await maintenance.compact(set.projectId, set.name)).due;
    await remove(faces[3]);
    expect(await due()).toBe(0);
    await add(faceSets, 200, more);
    expect(await due()).toBe(1);
    expect(await due()).toBe(0);
    for (const face of faces.slice(20, 24)) await remove(face);
    const strict = createMaintenance({ ...stores, ...options, limits: { ...limits, logChanges: 4 } });
    expect((await strict.compact(set.projectId, set.name)).due).toBe(1);
  });

  it('are not due again and again for a tail of deleted faces', async () => {
    const faceSets = stores.instance(options);
    for (const seed of [200, 230])
      await faceSets.add(
        set,
        newFaces(seed, more / 2).map((face) => ({ ...face, fields: { age: 99 } })),
      );
    await faceSets.removeMatching(set, older(50));
    expect((await maintenance.compact(set.projectId, set.name)).due).toBe(0);
  });

  it('are searched as soon as their codes are there: one range each, and the records of what may be a hit', async () => {
    const { counts, faceSets, close } = counting();
    await faceSets.get(set.projectId, set.name);
    counts.clear();
    const query = { probe: { faceId: faces[3]?.faceId ?? '' }, topN: 5, minCosine: -1 };
    const search = async () => (await faceSets.searchNamed(set.projectId, set.name, () => query)).hits;
    const [first] = await search();
    expect(first).toEqual({ ...listed(faces[3] as ModelFace), cosine: 1 });
    expect(Object.fromEntries(counts)).toEqual({
      ...{ GetItemCommand: 1, GetObjectCommand: 2, BatchGetItemCommand: 2 },
    });
    await faceSets.whenIdle();
    counts.clear();
    // Warm: nothing but the set is looked up.
    await search();
    expect(Object.fromEntries(counts)).toEqual({ GetItemCommand: 1 });
    close();
  });

  it('whose faces are deleted by one who died on the way leave their places to others', async () => {
    const [nearest] = await stores
      .instance(options)
      .search(set, { probe: { vector: vector(3) }, topN: 1, minCosine: -1 });
    const dying = crashable(stores, options);
    dying.stopAt(3);
    void dying.faceSets.removeMatching(set, {
      kind: 'equals',
      field: 'face_id',
      value: nearest?.faceId ?? '',
    });
    await dying.stopped();
    expect(dying.stoppedAt).toBe('change:applied');
    const hits = await stores
      .instance(options)
      .search(set, { probe: { vector: vector(3) }, topN: 1, minCosine: -1 });
    expect(hits).toHaveLength(1);
    expect(hits[0]?.faceId).not.toBe(nearest?.faceId);
  });

  it('are read together with what was added, changed and deleted since', async () => {
    const writer = stores.instance(options);
    const later = await add(writer, 300, 7);
    await writer.update(set, faces[3]?.faceId ?? '', { fields: { age: 19 } });
    await writer.removeMatching(set, older(19));
    const left = [...faces.filter((_, i) => i !== 3), ...later];
    await expectHolds(stores.instance(options), set, without(left, older(19)), 5);
  });

  it.each([
    ['missing', (key: string) => stores.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))],
    [
      'cut short',
      (key: string) => stores.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'OPENFRS1' })),
    ],
    ['damaged in the header', (key: string) => damage(key, () => ({ offset: 30, length: 1 }))],
    ['damaged in the codes', (key: string) => damage(key, ({ parts }) => ({ ...parts.codes, length: 1 }))],
    [
      'damaged in the columns',
      (key: string) => damage(key, ({ parts }) => ({ ...parts.columns, length: 1 })),
    ],
    ['damaged in all vectors', (key: string) => damage(key, ({ parts }) => parts.vectors)],
  ] as const)('that are %s are replaced by the records at once, and written anew', async (_, harm) => {
    const harmed = await keys();
    for (const key of harmed) await harm(key);
    const tasks: MaintenanceTask[] = [];
    const faceSets = stores.instance({ ...options, onTask: (task) => void tasks.push(task) });
    const reported = () => new Set(tasks.flatMap((task) => ('lost' in task ? (task.lost ?? []) : [])));
    // Damage may be met behind a search only, and a segment's at a time; each search before and after is right.
    while (reported().size < harmed.length) {
      await expectHolds(faceSets, set, faces, 5);
      await faceSets.whenIdle();
    }
    await expectHolds(faceSets, set, faces, 6);
    for (const task of tasks) await maintenance.run(task);
    const report = await maintenance.verifySet(set.projectId, set.name, { repair: false });
    expect(report).toMatchObject({ faces: count, lostSegments: [] });
    await expectHolds(stores.instance(options), set, faces, 7);
  });

  it('found lost by the doctor are written anew', async () => {
    const [key] = await keys();
    await damage(key ?? '', ({ byteLength }) => ({ offset: byteLength - 8, length: 1 }));
    expect(await maintenance.verifySet(set.projectId, set.name, { repair: true })).toMatchObject({
      lostSegments: [key],
      repaired: true,
    });
    expect(await maintenance.verifySet(set.projectId, set.name, { repair: false })).toMatchObject({
      lostSegments: [],
    });
  });

  it('of a format that a newer version writes are read from the records, and left as they are', async () => {
    const before = await keys();
    await rewriteHeader(before[0] ?? '', (json) => ({ ...json, version: 3, further: true }));
    const tasks: MaintenanceTask[] = [];
    const warnings: string[] = [];
    const faceSets = stores.instance({
      ...options,
      onTask: (task) => void tasks.push(task),
      onWarning: (message, error) => void warnings.push(`${message} ${(error as Error).message}`),
    });
    await expectHolds(faceSets, set, faces, 7);
    await faceSets.whenIdle();
    expect(tasks).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('written by a newer openfrs')]);
    expect(await maintenance.verifySet(set.projectId, set.name, { repair: true })).toMatchObject({
      ...{ faces: count, lostSegments: [], newerSegments: [before[0]], repaired: false },
    });
    expect(await keys()).toEqual(before);
  });

  it('that were replaced stay for the grace time, so that a slow reader can go on, and are gone after it', async () => {
    const reader = stores.instance({ ...options, limits: { ...limits, cacheBytes: 1 } });
    await expectHolds(reader, set, faces, 5);
    const before = await keys();
    const writer = stores.instance(options);
    await writer.removeMatching(set, older(10));
    faces = without(faces, older(10));
    await maintenance.compact(set.projectId, set.name);
    expect(await keys()).toEqual(expect.arrayContaining(before));
    await expectHolds(reader, set, faces, 6);
    clock += 11 * minute;
    await maintenance.compact(set.projectId, set.name);
    expect((await keys()).filter((key) => before.includes(key))).toEqual([]);
    await expectHolds(reader, set, faces, 7);
    await expectHolds(stores.instance(options), set, faces, 8);
  });

  it('hold no deleted face after a sweep and the grace time, nor does any record', async () => {
    const writer = stores.instance(options);
    const target = faces[17]?.faceId ?? '';
    await writer.removeMatching(set, { kind: 'equals', field: 'face_id', value: target });
    expect(await maintenance.locateVector(set.projectId, set.name, target)).toMatchObject({
      record: false,
      segments: 1,
    });
    await maintenance.sweep();
    clock += 11 * minute;
    await maintenance.sweep();
    expect(await maintenance.locateVector(set.projectId, set.name, target)).toEqual({
      record: false,
      segments: 0,
    });
    const other = faces[18]?.faceId ?? '';
    expect(await maintenance.locateVector(set.projectId, set.name, other)).toEqual({
      record: true,
      segments: 1,
    });
  });

  it('left behind by a compaction that died are removed after the grace time', async () => {
    const orphan = `segments/${set.id}/orphan`;
    await stores.s3.send(new PutObjectCommand({ Bucket: bucket, Key: orphan, Body: 'x' }));
    await maintenance.compact(set.projectId, set.name);
    expect(await keys()).toContain(orphan);
    clock += 11 * minute;
    await maintenance.compact(set.projectId, set.name);
    expect(await keys()).not.toContain(orphan);
  });

  it('cleared away as left behind are not brought back by the compaction that was frozen over them', async () => {
    const frozen = crashable(stores, options);
    frozen.stopAt(1);
    faces = [...faces, ...(await add(stores.instance(options), 400, more))];
    const compaction = frozen.maintenance.compact(set.projectId, set.name, { all: true });
    await frozen.stopped();
    expect(frozen.stoppedAt).toBe('compact:written');
    const before = await keys();
    clock += 11 * minute;
    // A short tail, which isn't worth a compaction: it clears away only.
    await createMaintenance({ ...stores, now: options.now }).compact(set.projectId, set.name);
    expect((await keys()).length).toBeLessThan(before.length);
    frozen.resume();
    expect(await compaction).toMatchObject({ switched: false });
    const report = await maintenance.verifySet(set.projectId, set.name, { repair: false });
    expect(report).toMatchObject({ faces: faces.length, lostSegments: [] });
    await expectHolds(stores.instance(options), set, faces, 5);
  });

  it('that take long to write are switched to bit by bit, with what changes meanwhile', async () => {
    const writer = stores.instance(options);
    faces = [...faces, ...(await add(writer, 400, count))];
    for (const seed of [10, 70]) {
      const { faceId = '' } = faces[seed] ?? {};
      await writer.update(set, faceId, { fields: { age: 19 } });
      faces = changed(faces, faceId, { fields: { age: 19 } });
    }
    const switches: number[] = [];
    const slow = createMaintenance({
      ...stores,
      limits: { ...limits, segmentRows: 12 },
      // Each look at the clock takes a minute.
      now: () => (clock += minute),
      failpoint: async (name) => {
        if (name === 'compact:written') switches.push((await keys()).length);
        if (name !== 'compact:switched' || switches.length !== 2) return;
        const { faceId = '' } = faces[11] ?? {};
        await writer.update(set, faceId, { fields: { age: 18 } });
        faces = changed(faces, faceId, { fields: { age: 18 } });
      },
    });
    await slow.compact(set.projectId, set.name, { all: true });
    expect(switches.length).toBeGreaterThan(2);
    await expectHolds(stores.instance(options), set, faces, 5);
    const report = await maintenance.verifySet(set.projectId, set.name, { repair: false });
    expect(report).toMatchObject({ faces: faces.length, lostSegments: [] });
    expect(await maintenance.compact(set.projectId, set.name)).toMatchObject({ written: 0 });
  });

  it('are switched by one of several compactions at once', async () => {
    const writer = stores.instance(options);
    faces = [...faces, ...(await add(writer, 400, more))];
    const results = await Promise.all(
      Array.from({ length: 4 }, () => maintenance.compact(set.projectId, set.name)),
    );
    expect(results.filter((result) => result.switched).length).toBeGreaterThanOrEqual(1);
    await expectHolds(stores.instance(options), set, faces, 5);
    clock += 11 * minute;
    await maintenance.compact(set.projectId, set.name);
    expect(await keys()).toHaveLength(3);
  });
});
