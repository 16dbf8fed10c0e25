import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlaps, placeTags, type Rect } from './place-tags.ts';

const picture = { width: 1000, height: 800 };
const tag = { width: 40, height: 20 };

test('a tag stands above its face, below one at the upper edge', () => {
  const faces = [
    { x: 100, y: 200, width: 80, height: 90 },
    { x: 500, y: 5, width: 80, height: 90 },
  ];
  expect(placeTags(picture, faces, [tag, tag], 4)).toEqual([
    { x: 100, y: 176, ...tag },
    { x: 500, y: 99, ...tag },
  ]);
});

test('a face that fills the picture gets none', () => {
  expect(placeTags(picture, [{ x: 0, y: 0, ...picture }], [tag], 4)).toEqual([undefined]);
});

test('no tag ever covers a face or another tag, or leaves the picture', () => {
  const face = fc.record({
    x: fc.integer({ min: 0, max: 900 }),
    y: fc.integer({ min: 0, max: 700 }),
    width: fc.integer({ min: 20, max: 300 }),
    height: fc.integer({ min: 20, max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(face, { maxLength: 20 }), (faces) => {
      const tags = faces.map((_, index) => ({ width: 20 + index * 5, height: 20 }));
      const places = placeTags(picture, faces, tags, 4);
      const shown = places.filter((place): place is Rect => place !== undefined);
      expect(places).toHaveLength(faces.length);
      for (const [index, place] of shown.entries()) {
        expect(faces.some((one) => overlaps(place, one))).toBe(false);
        expect(shown.slice(index + 1).some((one) => overlaps(place, one))).toBe(false);
        expect(place.x >= 0 && place.y >= 0).toBe(true);
        expect(place.x + place.width <= picture.width && place.y + place.height <= picture.height).toBe(true);
      }
    }),
  );
});
