import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FaceMarks, WholeCounts } from './face-marks.ts';
import { Places } from './places.ts';

const box = { topLeftX: 1, topLeftY: 2, width: 3, height: 4 };
/** A face of one of few persons and vectors, so that many are alike. */
const face = fc.record({ person: fc.nat(3), value: fc.nat(3) });
const marksOf = (faces: readonly { person: number; value: number }[]) => {
  const marks = new FaceMarks();
  for (const [i, { person, value }] of faces.entries()) {
    marks.add({ number: 2 * i, externalImageId: `p${person}`, box, vector: Float32Array.of(value) });
  }
  return marks;
};

it('lets one face of a set stand for one of a file, whatever is alike', () => {
  fc.assert(
    fc.property(fc.array(face, { maxLength: 60 }), fc.array(face, { maxLength: 60 }), (set, file) => {
      const inSet = marksOf(set);
      const counts = new WholeCounts(inSet, (place) => place % 3 !== 0);
      const left = set.filter((_, place) => place % 3 !== 0);
      const marks = marksOf(file);
      for (const [place, { person, value }] of file.entries()) {
        const at = left.findIndex((one) => one.person === person && one.value === value);
        expect(counts.take(marks.wholeAt(place))).toBe(at >= 0);
        if (at >= 0) left.splice(at, 1);
      }
    }),
  );
});

it('finds faces by their numbers, also beyond the room it began with', () => {
  const marks = marksOf(Array.from({ length: 3000 }, (_, i) => ({ person: i, value: i })));
  expect([marks.count, marks.numberAt(2999), marks.placeOf(5998), marks.placeOf(5999)]).toEqual([
    ...[3000, 5998, 2999, undefined],
  ]);
  expect(marks.vectorAt(7)).not.toEqual(marks.vectorAt(8));
});

it('keeps places as bits', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300)), (some) => {
      const places = new Places();
      for (const place of some) places.add(place);
      const kept = new Places(places.toBytes());
      const all = Array.from({ length: 310 }, (_, place) => place);
      expect(all.filter((place) => kept.has(place))).toEqual([...new Set(some)].sort((a, b) => a - b));
      expect([places.size, kept.size]).toEqual([new Set(some).size, new Set(some).size]);
    }),
  );
});
