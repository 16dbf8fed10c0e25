import type { Filter } from '@openfrs/contract';
import type { FaceSet } from '@openfrs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMaintenance, createTransfer, ExportDamaged, type Transfer } from '../src/index.ts';
import { crashable } from './crashes.ts';
import { startStores, type TestStores } from './embedded.ts';
import { face, spec, vector } from './faces.ts';
import { expectCode, newProject } from './specification.ts';

const everyone: Filter = {
  kind: 'not',
  operand: { kind: 'equals', field: 'external_image_id', value: 'nobody' },
};

describe('export and import', () => {
  let stores: TestStores;
  let transfer: Transfer;
  beforeAll(async () => {
    stores = await startStores();
    transfer = createTransfer(stores);
  });
  afterAll(() => stores.stop());

  async function collect(lines: AsyncIterable<string>): Promise<string[]> {
    const all: string[] = [];
    for await (const line of lines) all.push(line.trimEnd());
    return all;
  }
  const again = (lines: readonly string[]) =>
    async function* () {
      yield* lines;
    };

  async function filledSet(): Promise<FaceSet> {
    const faceSets = stores.instance();
    const set = await faceSets.create(newProject(), spec('origin'), 10);
    const faces = Array.from({ length: 40 }, (_, i) =>
      face(i, {
        fields:
          i % 2
            ? { age: i, ref: 2n ** 62n + BigInt(i), score: i === 7 ? -0 : 1e300 / 3, vip: true }
            : { name: '雷' },
      }),
    );
    const added = await faceSets.add(set, faces);
    for (const i of [0, 5, 39]) {
      await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: added[i]?.faceId ?? '' });
    }
    return set;
  }

  it('brings a set back as it was, face ids and every value included', async () => {
    const origin = await filledSet();
    const lines = await collect(transfer.exportSet(origin.projectId, origin.name));
    expect(lines).toHaveLength(38);
    const project = newProject();
    const { set, faces, before } = await transfer.importSet(project, again(lines), {
      name: 'copy',
      maxSets: 1,
    });
    expect([set.name, faces, before]).toEqual(['copy', 37, false]);
    const faceSets = stores.instance();
    const copy = await faceSets.page(set, 0, 100);
    expect(copy).toEqual(await faceSets.page(origin, 0, 100));
    expect(Object.is(copy.find((entry) => entry.box.topLeftX === 7)?.fields.score, -0)).toBe(true);
    expect((await faceSets.get(project, 'copy')).faceNumber).toBe(37);
    const query = { probe: { vector: vector(9) }, topN: 37, minCosine: -1 };
    expect(await faceSets.search(set, query)).toEqual(await faceSets.search(origin, query));
    const [next] = await faceSets.add(set, [face(99)]);
    expect(copy.some((entry) => entry.faceId === next?.faceId)).toBe(false);
  });

  it('imports a file once, however often it is asked to', async () => {
    const origin = await filledSet();
    const lines = await collect(transfer.exportSet(origin.projectId, origin.name));
    const project = newProject();
    await transfer.importSet(project, again(lines), { maxSets: 1 });
    const repeated = await transfer.importSet(project, again(lines), { maxSets: 1 });
    expect(repeated.before).toBe(true);
    expect((await stores.instance().get(project, 'origin')).faceNumber).toBe(37);
  });

  it("adds nothing of a set's own export, or of its copy's, but what was deleted since", async () => {
    const origin = await filledSet();
    const faceSets = stores.instance();
    // Two photos under one id, and one that was sent twice: faces of their own, all of them.
    const twins = [face(50), face(50), face(51, { externalImageId: face(50).externalImageId })];
    await faceSets.add(origin, twins);
    const lines = await collect(transfer.exportSet(origin.projectId, origin.name));
    const options = { maxSets: 10 };
    const once = await transfer.importSet(origin.projectId, again(lines), options);
    expect(once).toMatchObject({ faces: 40, added: 0, before: true });
    expect((await faceSets.get(origin.projectId, origin.name)).faceNumber).toBe(40);

    const copied = await transfer.importSet(origin.projectId, again(lines), { ...options, name: 'copy' });
    expect(copied).toMatchObject({ faces: 40, added: 40 });
    const ofCopy = await collect(transfer.exportSet(origin.projectId, 'copy'));
    expect(await transfer.importSet(origin.projectId, again(ofCopy), options)).toMatchObject({ added: 0 });

    const page = await faceSets.page(origin, 0, 100);
    for (const { faceId } of [page[3], page[37]] as { faceId: string }[]) {
      await faceSets.removeMatching(origin, { kind: 'equals', field: 'face_id', value: faceId });
    }
    const restored = await transfer.importSet(origin.projectId, again(lines), options);
    expect(restored).toMatchObject({ faces: 40, added: 2, before: false });
    const now = await faceSets.page(origin, 0, 100);
    const content = (faces: typeof page) =>
      faces
        .map(({ faceId: _, ...rest }) =>
          JSON.stringify(rest, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value)),
        )
        .sort();
    expect(content(now)).toEqual(content(page));
    expect((await faceSets.get(origin.projectId, origin.name)).faceNumber).toBe(40);
  });

  it('takes a face whose custom fields were changed since for the same, and one of another vector for another', async () => {
    const faceSets = stores.instance();
    const set = await faceSets.create(newProject(), spec('target'), 10);
    await faceSets.add(set, [face(1, { fields: { name: 'a' } }), face(2)]);
    const lines = await collect(transfer.exportSet(set.projectId, 'target'));
    const changed = lines.map((line) => line.replace('"name":"a"', '"name":"b"'));
    expect(await transfer.importSet(set.projectId, again(changed), { maxSets: 10 })).toMatchObject({
      added: 0,
    });
    const { vector: other } = JSON.parse(lines[2] ?? '') as { vector: string };
    const { vector: own } = JSON.parse(lines[1] ?? '') as { vector: string };
    const strange = lines.map((line, at) => (at === 1 ? line.replace(own, other) : line));
    expect(await transfer.importSet(set.projectId, again(strange), { maxSets: 10 })).toMatchObject({
      added: 1,
    });
  });

  it('goes on with what it had left out when it was cut off', async () => {
    const origin = await filledSet();
    const faceSets = stores.instance();
    const lines = await collect(transfer.exportSet(origin.projectId, origin.name));
    const set = await faceSets.create(newProject(), spec('origin'), 10);
    // Some of them are there before.
    await transfer.importSet(set.projectId, again(lines.slice(0, 11)), { maxSets: 10 });
    let clock = Date.now();
    const now = () => clock;
    const frozen = crashable(stores, { now });
    frozen.stopAt(1);
    const running = frozen.transfer.importSet(set.projectId, again(lines), { maxSets: 10 });
    running.catch(() => undefined);
    await frozen.stopped();
    expect(frozen.stoppedAt).toMatch(/^import:/);
    // Meanwhile one of those that were left out is deleted.
    const [first] = await faceSets.page(set, 0, 1);
    await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: first?.faceId ?? '' });
    clock += 100_000;
    const later = createTransfer({ ...stores, now });
    expect(await later.importSet(set.projectId, again(lines), { maxSets: 10 })).toMatchObject({ added: 27 });
    const { faceNumber } = await faceSets.get(set.projectId, 'origin');
    expect(faceNumber).toBe(36);
    expect(await faceSets.page(set, 0, 100)).toHaveLength(36);
  });

  it('adds to a set that has faces, under new ids', async () => {
    const origin = await filledSet();
    const lines = await collect(transfer.exportSet(origin.projectId, origin.name));
    const faceSets = stores.instance();
    const set = await faceSets.create(newProject(), spec('target'), 10);
    const [first] = await faceSets.add(set, [face(1000)]);
    await transfer.importSet(set.projectId, again(lines), { name: 'target', maxSets: 10 });
    const page = await faceSets.page(set, 0, 100);
    expect(page).toHaveLength(38);
    expect(page[0]).toEqual(first);
    expect(new Set(page.map((entry) => entry.faceId)).size).toBe(38);
  });

  it('goes on after a crash, shows nothing before the end, and can be given up', async () => {
    const origin = await filledSet();
    const [header, ...rest] = await collect(transfer.exportSet(origin.projectId, origin.name));
    const many = Array.from({ length: 1200 }, (_, i) => {
      const {
        number: _number,
        face_id: _id,
        ...line
      } = JSON.parse(rest[i % rest.length] ?? '') as Record<string, unknown>;
      return JSON.stringify(line);
    });
    const lines = [header ?? '', ...many];
    const project = newProject();
    let clock = Date.now();
    const options = { maxSets: 1 };
    const now = () => clock;
    const later = createTransfer({ ...stores, now });
    const frozen = crashable(stores, { now });
    frozen.stopAt(5);
    const running = frozen.transfer.importSet(project, again(lines), options);
    running.catch(() => undefined);
    await frozen.stopped();
    expect(frozen.stoppedAt).toBe('import:batch');
    const faceSets = stores.instance();
    const set = await faceSets.get(project, 'origin');
    expect(set.faceNumber).toBe(0);
    expect(await faceSets.page(set, 0, 10)).toEqual([]);
    expect(await faceSets.search(set, { probe: { vector: vector(1) }, topN: 5, minCosine: -1 })).toEqual([]);
    const seen: number[] = [];
    clock += 120_000;
    await later.importSet(project, again(lines), { ...options, progress: (done) => seen.push(done) });
    expect(Math.min(...seen)).toBeGreaterThan(200);
    frozen.resume();
    await expect(running).rejects.toThrow(/taken over/);
    expect((await faceSets.get(project, 'origin')).faceNumber).toBe(1200);
    expect(await faceSets.page(set, 0, 2000)).toHaveLength(1200);
    expect(await createMaintenance(stores).verifySet(project, 'origin', { repair: false })).toMatchObject({
      faces: 1200,
    });

    const other = newProject();
    const dead = crashable(stores, { now });
    dead.stopAt(3);
    void dead.transfer.importSet(other, again(lines), options).catch(() => undefined);
    await dead.stopped();
    clock += 120_000;
    expect(await later.abandonImports(other, 'origin')).toBe(1);
    const empty = await faceSets.get(other, 'origin');
    expect(empty.faceNumber).toBe(0);
    expect((await createMaintenance(stores).countStoredItems(empty.id)).vectors).toBe(0);
  });

  it('writes nothing more when it was frozen and others have taken over meanwhile', async () => {
    const origin = await filledSet();
    const lines = await collect(transfer.exportSet(origin.projectId, origin.name));
    const project = newProject();
    let clock = Date.now();
    const now = () => clock;
    const frozen = crashable(stores, { now });
    frozen.stopAt(2);
    const running = frozen.transfer.importSet(project, again(lines), { maxSets: 1 });
    running.catch(() => undefined);
    await frozen.stopped();
    expect(frozen.stoppedAt).toBe('import:noted');
    clock += 120_000;
    const { set, faces } = await createTransfer({ ...stores, now }).importSet(project, again(lines), {
      maxSets: 1,
    });
    const faceSets = stores.instance();
    expect(await faceSets.removeMatching(set, everyone)).toBe(faces);
    frozen.resume();
    await expect(running).rejects.toThrow(/taken over/);
    expect(await faceSets.page(set, 0, 2000)).toEqual([]);
    expect((await createMaintenance(stores).countStoredItems(set.id)).vectors).toBe(0);
  });

  it('says what is wrong with a file, and writes nothing of it', async () => {
    const origin = await filledSet();
    const lines = await collect(transfer.exportSet(origin.projectId, origin.name));
    const project = newProject();
    const refuse = async (broken: readonly string[], words: RegExp) => {
      const failing = transfer.importSet(project, again(broken), { maxSets: 1 });
      await expect(failing).rejects.toThrow(ExportDamaged);
      await expect(failing).rejects.toThrow(words);
    };
    await refuse([], /empty/);
    await refuse(lines.slice(1), /header/);
    await refuse([...lines.slice(0, 5), 'nonsense'], /Line 6/);
    await refuse([...lines, lines[3]?.replace(/"vector":"..../, '"vector":"') ?? ''], /Line 39: vector/);
    const box = /"bounding_box":\[\d+/;
    await refuse(
      [...lines, lines[3]?.replace(box, `"bounding_box":[${2 ** 31}`) ?? ''],
      /Line 39: bounding_box/,
    );
    await refuse([...lines, lines[2]?.replace('"fields":{', '"fields":{"age":"x",') ?? ''], /Line 39: .*age/);
    await expectCode(stores.instance().get(project, 'origin'), 'FRS.0302');
    const full = lines.map((line, i) => (i === 0 ? line.replace(/"capacity":\d+/, '"capacity":10') : line));
    await expectCode(transfer.importSet(project, again(full), { maxSets: 1 }), 'FRS.0306');
  });
});
