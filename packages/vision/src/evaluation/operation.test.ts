import { describe, expect, it } from 'vitest';
import { measureGroups, readGroups, strangersAbove } from './groups.ts';
import { measureIdentification } from './identification.ts';
import { wilson } from './intervals.ts';
import { type FaceVector, meanTemplate } from './templates.ts';

/** A unit vector near one axis: `noise` along another. */
function face(axis: number, noise = 0, other = 0): FaceVector {
  const vector = new Float32Array(400);
  vector[axis] = Math.sqrt(1 - noise * noise);
  vector[other] = (vector[other] as number) + noise;
  return { enrolled: vector, probe: vector, weight: 1, recognisability: 1 };
}

describe('open-set identification', () => {
  const crowd = (photosOf: (person: number) => FaceVector[]) =>
    new Map(Array.from({ length: 350 }, (_, person) => [`p${person}`, photosOf(person)]));

  it('of people who look like nobody else misses none', () => {
    const results = measureIdentification(
      crowd((person) => [face(person), face(person), face(person)]),
      {
        galleries: [100, 200],
        photos: [1, 2],
      },
    );
    expect(results.map(({ gallery, photos }) => [gallery, photos])).toEqual([
      [100, 1],
      [200, 1],
      [350, 1],
      [100, 2],
      [200, 2],
      [350, 2],
    ]);
    for (const { fnir, rank1, nonmated_searches, gallery } of results) {
      expect([fnir, rank1, nonmated_searches]).toEqual([0, 1, gallery === 350 ? 350 : 350 - gallery]);
    }
  });

  it('of all people enrolled has each search without himself for the threshold', () => {
    // Twenty pairs of people who look alike: searched for without himself, each of them finds the other.
    const alike = (person: number) => face(person, person < 40 ? 0.6 : 0, 360 + (person >> 1));
    const [result] = measureIdentification(
      crowd((person) => [alike(person), person === 349 ? face(399) : alike(person)]),
      { galleries: [1000], photos: [1] },
    );
    expect(result).toMatchObject({ gallery: 350, mated_searches: 350, nonmated_searches: 350 });
    expect(result?.cosine).toBeCloseTo(0.36, 6);
    expect(result?.fnir).toBeCloseTo(1 / 350, 9);
  });

  it('misses those whose second photo is somebody else’s, and counts them once each', () => {
    const [result] = measureIdentification(
      crowd((person) => [face(person), person % 4 === 0 ? face(399) : face(person)]),
      { galleries: [200], photos: [1] },
    );
    expect(result?.mated_searches).toBe(200);
    expect(result?.fnir).toBeGreaterThan(0.15);
    expect(result?.fnir).toBeLessThan(0.35);
    expect(result?.rank1).toBeCloseTo(1 - (result?.fnir ?? 0), 9);
    expect(result?.fnir_95[0]).toBeLessThan(result?.fnir ?? 0);
  });

  it('of few people with many photos is filled up with the others', () => {
    const results = measureIdentification(
      crowd((person) => Array.from({ length: person < 20 ? 4 : 1 }, () => face(person))),
      { galleries: [200], photos: [3] },
    );
    expect(results).toMatchObject([
      { gallery: 200, photos: 3, mated_searches: 20, nonmated_searches: 150, fnir: 0 },
      { gallery: 350, photos: 3, mated_searches: 20, nonmated_searches: 350, fnir: 0 },
    ]);
  });

  it('says nothing of galleries for which there are too few people', () => {
    const few = new Map([['ann', [face(1), face(1)]]]);
    expect(measureIdentification(few)).toEqual([]);
  });

  it('has templates nearer to a person than the photos they are of', () => {
    const template = meanTemplate([face(1, 0.6, 2), face(1, 0.6, 3)]);
    expect(template[1]).toBeGreaterThan(face(1, 0.6, 2).enrolled[1] as number);
  });
});

describe('groups', () => {
  it('count the pairs of two people of a group that are above the cosine', () => {
    const of = (person: string, groups: string[], vector: FaceVector) => ({ person, groups, vector });
    const faces = [
      of('ann', ['a'], face(1)),
      of('ann', ['a'], face(1)),
      of('bea', ['a', 'b'], face(1)),
      of('cid', ['b'], face(2)),
    ];
    expect(measureGroups(faces, 0.9)).toMatchObject([
      { group: 'a', people: 2, pairs: 2, far: 1 },
      { group: 'b', people: 2, pairs: 1, far: 0 },
    ]);
    expect(strangersAbove(faces, 0.9)).toEqual({ pairs: 5, above: 2 });
  });

  it('are read from columns in any order, with the sex where it is known', () => {
    const groups = readGroups('group,person,sex\r\nAfrican,Ann,F\r\nyoung,Ann,\r\n,Bob,M\r\n');
    expect([...groups]).toEqual([
      ['Ann', ['African', 'African F', 'young']],
      ['Bob', []],
    ]);
    expect(() => readGroups('name\nAnn\n')).toThrow('person, sex and group');
  });
});

it('Wilson’s interval holds the share, and leaves open what few cases can’t tell', () => {
  expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
  expect(wilson(0, 100).high).toBeCloseTo(0.037, 3);
  expect(wilson(5, 100).low).toBeCloseTo(0.0215, 4);
  expect(wilson(5, 100).high).toBeCloseTo(0.1118, 4);
  expect(wilson(100, 100)).toMatchObject({ share: 1, high: 1 });
});
