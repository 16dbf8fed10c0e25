import { FrsError } from '@openfrs/contract';
import type { FaceSet, FaceSetSpec, FaceSets } from '@openfrs/core';
import { expect, it } from 'vitest';
import { face, spec, vector } from './faces.ts';

/** Waits for the error with that code. */
export async function expectCode(work: Promise<unknown>, code: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FrsError);
  expect((error as FrsError).code).toBe(code);
}

let projects = 0;
export const newProject = () => `project${projects++}`;

const everything = { topN: 1000, minCosine: -1 };

/** The port's specification: what every implementation of face sets does, seen from two instances over the same stores. */
export function specifyFaceSets(instances: () => { readonly one: FaceSets; readonly two: FaceSets }): void {
  async function newSet(more: Partial<FaceSetSpec> = {}): Promise<FaceSet> {
    return instances().one.create(newProject(), spec('people', more), 10);
  }

  it('creates a set and shows it with its fields in order', async () => {
    const { one, two } = instances();
    const project = newProject();
    const created = await one.create(project, spec('staff'), 10);
    expect(created.id).toMatch(/^[A-Za-z]{8}$/);
    expect(created.faceNumber).toBe(0);
    const shown = await two.get(project, 'staff');
    expect(shown).toEqual(created);
    expect(Object.keys(shown.fields)).toEqual(['age', 'ref', 'score', 'name', 'vip']);
  });

  it('keeps sets and fields whose names are those of object members', async () => {
    const { one, two } = instances();
    const project = newProject();
    const fields = Object.fromEntries([
      ['__proto__', 'string'],
      ['constructor', 'integer'],
    ]) as FaceSetSpec['fields'];
    const set = await one.create(project, spec('__proto__', { fields }), 10);
    const values = Object.fromEntries([['__proto__', 'x']]);
    const [added] = await one.add(set, [face(1, { fields: values }), face(2)]);
    const id = added?.faceId ?? '';
    const found = await two.find(await two.get(project, '__proto__'), id);
    expect(Object.entries(found.fields)).toEqual([['__proto__', 'x']]);
    expect((await two.list(project)).map((entry) => entry.name)).toEqual(['__proto__']);

    const search = { probe: { vector: vector(1) }, ...everything };
    const fieldsFound = async () =>
      (await two.search(set, search))
        .map((hit) => Object.entries(hit.fields))
        .sort((a, b) => b.length - a.length);
    expect(await fieldsFound()).toEqual([[['__proto__', 'x']], []]);
    const both = Object.fromEntries([
      ['constructor', 5],
      ['__proto__', 'y'],
    ]);
    await two.update(set, id, { fields: both });
    expect((await fieldsFound())[0]).toEqual(expect.arrayContaining(Object.entries(both)));
    const filter = { kind: 'equals', field: '__proto__', value: 'y' } as const;
    expect(await one.search(set, { ...search, filter })).toMatchObject([{ faceId: id }]);
    expect(await two.removeMatching(set, { kind: 'equals', field: 'constructor', value: 5 })).toBe(1);
    expect(await fieldsFound()).toEqual([[]]);
  });

  it('finds the face that is searched with before others of the same vector', async () => {
    const { one, two } = instances();
    const set = await newSet();
    const twins = await one.add(set, [
      face(1, { fields: { age: 1 } }),
      face(1),
      face(1, { fields: { age: 3 } }),
    ]);
    for (const { faceId } of twins) {
      for (const topN of [1, 2, 3]) {
        const hits = await two.search(set, { probe: { faceId }, topN, minCosine: 0.5 });
        expect(hits[0]?.faceId).toBe(faceId);
        expect(new Set(hits.map((hit) => hit.faceId)).size).toBe(topN);
      }
    }
    const filter = { kind: 'equals', field: 'age', value: 3 } as const;
    const probe = { faceId: twins[0]?.faceId ?? '' };
    const others = await two.search(set, { probe, topN: 1, minCosine: 0.5, filter });
    expect(others.map((hit) => hit.faceId)).toEqual([twins[2]?.faceId]);
  });

  it('refuses a name that is taken, and more sets than the quota', async () => {
    const { one, two } = instances();
    const project = newProject();
    await one.create(project, spec('a'), 2);
    await expectCode(two.create(project, spec('a'), 2), 'FRS.0301');
    await two.create(project, spec('b'), 2);
    await expectCode(one.create(project, spec('c'), 2), 'FRS.0305');
    await one.remove(project, 'a');
    await two.create(project, spec('c'), 2);
    expect((await one.list(project)).map((set) => set.name)).toEqual(['b', 'c']);
  });

  it('lets parallel creates pass neither the quota nor a name', async () => {
    const { one, two } = instances();
    const project = newProject();
    const results = await Promise.allSettled(
      Array.from({ length: 24 }, (_, i) => (i % 2 ? one : two).create(project, spec(`set${i % 12}`), 5)),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(5);
    const names = (await one.list(project)).map((set) => set.name);
    expect(new Set(names).size).toBe(5);
  });

  it('knows no set that was removed, from any instance, and one of the same name is another', async () => {
    const { one, two } = instances();
    const project = newProject();
    const set = await one.create(project, spec('people'), 10);
    await two.get(project, 'people');
    await one.add(set, [face(1)]);
    await one.remove(project, 'people');
    await expectCode(two.get(project, 'people'), 'FRS.0302');
    await expectCode(two.remove(project, 'people'), 'FRS.0302');
    await expectCode(two.add(set, [face(2)]), 'FRS.0302');
    await expectCode(two.search(set, { probe: { vector: vector(1) }, ...everything }), 'FRS.0302');
    await expectCode(two.page(set, 0, 10), 'FRS.0302');
    await expectCode(two.update(set, 'abcdefgh', { externalImageId: 'x' }), 'FRS.0302');
    await expectCode(two.removeMatching(set, { kind: 'equals', field: 'age', value: 1 }), 'FRS.0302');
    const again = await two.create(project, spec('people'), 10);
    expect(again.id).not.toBe(set.id);
    expect((await one.get(project, 'people')).faceNumber).toBe(0);
    expect(await one.page(await one.get(project, 'people'), 0, 10)).toEqual([]);
  });

  it('finds an added face at once by search, list and id, from the other instance', async () => {
    const { one, two } = instances();
    const set = await newSet();
    const added = await one.add(set, [face(1), face(2), face(3)]);
    expect(new Set(added.map((entry) => entry.faceId)).size).toBe(3);
    expect(await two.page(set, 0, 10)).toEqual(added);
    expect(await two.find(set, added[1]?.faceId ?? '')).toEqual(added[1]);
    const [hit] = await two.search(set, { probe: { vector: vector(2) }, topN: 1, minCosine: 0.5 });
    expect(hit?.faceId).toBe(added[1]?.faceId);
    expect(hit?.cosine).toBeCloseTo(1, 6);
    expect((await two.get(set.projectId, set.name)).faceNumber).toBe(3);
    const [self] = await two.search(set, {
      probe: { faceId: added[2]?.faceId ?? '' },
      topN: 1,
      minCosine: 0.5,
    });
    expect(self?.faceId).toBe(added[2]?.faceId);
    const negated = {
      faceId: added[2]?.faceId ?? '',
      toProbe: (kept: Float32Array) => kept.map((value) => -value),
    };
    const [first, ...others] = await two.search(set, { probe: negated, topN: 2, minCosine: -1 });
    expect(first).toMatchObject({ faceId: added[2]?.faceId, cosine: 1 });
    expect(others.map(({ faceId }) => faceId)).not.toContain(added[2]?.faceId);
    expect(others).toHaveLength(1);
  });

  it('keeps every value exactly', async () => {
    const { one, two } = instances();
    const set = await newSet();
    const fields = {
      age: -2147483648,
      ref: 9007199254740993n,
      score: 1.7976931348623157e308,
      name: '李_雷-1',
      vip: false,
    };
    const tiny = { score: 5e-324, ref: -(2n ** 63n) };
    const added = await one.add(set, [
      face(1, { fields }),
      face(2, { fields: tiny }),
      face(3, { fields: { score: -0 } }),
    ]);
    const page = await two.page(set, 0, 10);
    expect(page).toEqual(added);
    expect(Object.is(page[2]?.fields.score, -0)).toBe(true);
    const hits = await two.search(set, {
      probe: { vector: vector(1) },
      ...everything,
      filter: { kind: 'equals', field: 'ref', value: 9007199254740993n },
    });
    expect(hits.map((hit) => hit.fields)).toEqual([fields]);
  });

  it('adds all faces or none', async () => {
    const { one, two } = instances();
    const set = await newSet({ capacity: 4 });
    await one.add(set, [face(1), face(2)]);
    await expectCode(two.add(set, [face(3), face(4), face(5)]), 'FRS.0306');
    expect(await one.page(set, 0, 10)).toHaveLength(2);
    await two.add(set, [face(3), face(4)]);
    await expectCode(one.add(set, [face(5)]), 'FRS.0306');
    expect((await one.get(set.projectId, set.name)).faceNumber).toBe(4);
  });

  it('updates a face: fields are merged, other faces stay', async () => {
    const { one, two } = instances();
    const set = await newSet();
    const added = await one.add(set, [face(1, { fields: { age: 5, name: 'a' } }), face(2)]);
    const id = added[0]?.faceId ?? '';
    await two.search(set, { probe: { vector: vector(1) }, ...everything });
    await one.update(set, id, { fields: { age: 6, vip: true } });
    expect((await two.find(set, id)).fields).toEqual({ age: 6, name: 'a', vip: true });
    await two.update(set, id, { externalImageId: 'other' });
    const [hit] = await two.search(set, {
      probe: { vector: vector(1) },
      ...everything,
      filter: { kind: 'equals', field: 'external_image_id', value: 'other' },
    });
    expect(hit).toMatchObject({ faceId: id, fields: { age: 6, name: 'a', vip: true } });
    expect((await one.page(set, 1, 1))[0]).toEqual(added[1]);
    await expectCode(one.update(set, 'AAAAAAAA', { externalImageId: 'x' }), 'FRS.0403');
    await expectCode(one.update(set, 'nothing', { externalImageId: 'x' }), 'FRS.0403');
  });

  it('never shows a deleted face again and gives its place back', async () => {
    const { one, two } = instances();
    const set = await newSet({ capacity: 3 });
    const added = await one.add(set, [face(1), face(2), face(3)]);
    await two.search(set, { probe: { vector: vector(1) }, ...everything });
    const id = added[1]?.faceId ?? '';
    expect(await one.removeMatching(set, { kind: 'equals', field: 'face_id', value: id })).toBe(1);
    expect(await two.removeMatching(set, { kind: 'equals', field: 'face_id', value: id })).toBe(0);
    await expectCode(two.find(set, id), 'FRS.0403');
    await expectCode(two.search(set, { probe: { faceId: id }, ...everything }), 'FRS.0403');
    const hits = await two.search(set, { probe: { vector: vector(2) }, ...everything });
    expect(hits.map((hit) => hit.faceId).sort()).toEqual([added[0]?.faceId, added[2]?.faceId].sort());
    expect(await two.page(set, 0, 10)).toEqual([added[0], added[2]]);
    expect((await two.get(set.projectId, set.name)).faceNumber).toBe(2);
    await two.add(set, [face(4)]);
  });

  it('deletes all that match a filter, by their values now', async () => {
    const { one, two } = instances();
    const set = await newSet();
    const added = await one.add(
      set,
      Array.from({ length: 30 }, (_, i) =>
        face(i, { fields: { age: i }, externalImageId: `person${i % 3}` }),
      ),
    );
    await one.update(set, added[0]?.faceId ?? '', { fields: { age: 100 } });
    const young = {
      kind: 'range',
      field: 'age',
      low: undefined,
      high: { value: 10, inclusive: false },
    } as const;
    expect(await two.removeMatching(set, young)).toBe(9);
    const person = { kind: 'equals', field: 'external_image_id', value: 'person0' } as const;
    expect(await one.removeMatching(set, { kind: 'not', operand: person })).toBe(14);
    expect((await two.page(set, 0, 100)).map((entry) => entry.fields.age)).toEqual([
      100, 12, 15, 18, 21, 24, 27,
    ]);
    expect((await two.get(set.projectId, set.name)).faceNumber).toBe(7);
  });

  it('lists in the order of adding, page by page', async () => {
    const { one, two } = instances();
    const set = await newSet();
    const added = [];
    for (let i = 0; i < 12; i++)
      added.push(...(await (i % 2 ? one : two).add(set, [face(2 * i), face(2 * i + 1)])));
    expect(await one.page(set, 0, 100)).toEqual(added);
    expect(await two.page(set, 5, 7)).toEqual(added.slice(5, 12));
    expect(await two.page(set, 23, 7)).toEqual(added.slice(23));
    expect(await two.page(set, 24, 1)).toEqual([]);
  });

  it('searches like brute force: order, threshold, number, filter, ties by order of adding', async () => {
    const { one, two } = instances();
    const set = await newSet();
    const seeds = [1, 2, 3, 2, 4, 2];
    const added = await one.add(
      set,
      seeds.map((seed) => face(seed, { fields: { age: seed } })),
    );
    const hits = await two.search(set, { probe: { vector: vector(2) }, ...everything });
    expect(hits.slice(0, 3).map((hit) => hit.faceId)).toEqual([1, 3, 5].map((i) => added[i]?.faceId));
    expect(hits.map((hit) => hit.cosine)).toEqual(hits.map((hit) => hit.cosine).sort((a, b) => b - a));
    const near = await two.search(set, { probe: { vector: vector(2) }, topN: 2, minCosine: 0.99 });
    expect(near).toEqual(hits.slice(0, 2));
    const filtered = await two.search(set, {
      probe: { vector: vector(2) },
      ...everything,
      filter: { kind: 'equals', field: 'age', value: 4 },
    });
    expect(filtered.map((hit) => hit.faceId)).toEqual([added[4]?.faceId]);
  });

  it('finds persons by the mean of their faces, each with its weight', async () => {
    const weight = (vectors: Float32Array, at: number) => 0.1 + Math.abs(vectors[at] ?? 0);
    const { one, two } = instances();
    const set = await newSet();
    await one.add(
      set,
      Array.from({ length: 12 }, (_, i) => face(i, { externalImageId: `person${i % 3}` })),
    );
    const hits = await two.search(set, {
      probe: { vector: vector(4) },
      topN: 10,
      minCosine: -1,
      groupBy: 'external_image_id',
      weightOf: weight,
    });
    expect(hits.map((hit) => hit.externalImageId).sort()).toEqual(['person0', 'person1', 'person2']);
    const person = hits.find((hit) => hit.externalImageId === 'person1');
    expect(person?.box.topLeftX).toBe(4);
    const mean = new Float64Array(vector(0).length);
    for (const seed of [1, 4, 7, 10])
      for (const [i, value] of vector(seed).entries())
        mean[i] = (mean[i] ?? 0) + weight(vector(seed), 0) * value;
    const probe = vector(4);
    const dot = mean.reduce((sum, value, i) => sum + value * (probe[i] ?? 0), 0);
    expect(person?.cosine).toBeCloseTo(dot / Math.hypot(...mean), 6);
  });
}
