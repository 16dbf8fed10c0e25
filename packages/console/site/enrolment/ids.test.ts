import { expect, test } from 'vitest';
import { imageIdOf, imageIdPattern, personOf } from './ids.ts';

test('a name that the contract takes is its own id', () => {
  expect(imageIdOf('ann_2')).toBe('ann_2');
});

test('every other name gets an id of its own, always the same', () => {
  const names = ['张三', '李四', 'José', 'Jose\u0301', "O'Brien", 'a b', 'x'.repeat(37), ''];
  const ids = names.map(imageIdOf);
  expect(new Set(ids).size).toBe(names.length);
  for (const id of ids) expect(id).toMatch(imageIdPattern);
  expect(imageIdOf('张三')).toBe(ids[0]);
});

test.each([
  ['ann/1.jpg', 'ann'],
  ['ann/2024/1.jpg', 'ann'],
  ['ann.b.jpg', 'ann.b'],
])('%s is a photo of %s', (path, person) => {
  expect(personOf(path)).toBe(person);
});
