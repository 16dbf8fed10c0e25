import { expect, test } from 'vitest';
import type { SetFace } from '../api/responses.ts';
import { arranged, exactFilter, matches, type Order, peopleOf } from './group.ts';

const face = (
  face_id: string,
  external_image_id: string,
  external_fields: SetFace['external_fields'] = {},
): SetFace => ({
  face_id,
  external_image_id,
  external_fields,
  bounding_box: { top_left_x: 0, top_left_y: 0, width: 1, height: 1 },
});
const people = peopleOf([
  face('a', 'eve', { floor: 3, team: 'red' }),
  face('b', 'ann', { floor: 10, team: 'blue' }),
  face('c', 'eve', { floor: 3 }),
  face('d', 'person-1d841bc0ee98', { file: '_E5_BC_A0_E4_B8_89_2F1_2Ejpg' }),
]);
const ids = (order: Order) => arranged(people, order).map(({ name }) => name);

test('all faces of an image id are one person, who has the name of the folder where that is kept', () => {
  expect(people.map(({ name, faces }) => [name, faces.map(({ face_id }) => face_id)])).toEqual([
    ['eve', ['a', 'c']],
    ['ann', ['b']],
    ['张三', ['d']],
  ]);
});

test('they are sorted by name, by how many faces they have, and by a field, those without it last', () => {
  expect(ids({ by: 'added', down: true })).toEqual(['张三', 'ann', 'eve']);
  expect(ids({ by: 'name', down: false })).toEqual(['ann', 'eve', '张三']);
  expect(ids({ by: 'faces', down: true })[0]).toBe('eve');
  expect(ids({ by: 'field', field: 'floor', down: false })).toEqual(['eve', 'ann', '张三']);
  expect(ids({ by: 'field', field: 'floor', down: true })).toEqual(['ann', 'eve', '张三']);
  expect(ids({ by: 'field', field: 'constructor', down: false })).toHaveLength(3);
});

test.each([
  ['EV', ['eve']],
  ['blue', ['ann']],
  ['张', ['张三']],
  ['b', ['ann']],
  ['e5', []],
  ['person-1d84', ['张三']],
  ['三/1.j', ['张三']],
  ['', ['eve', 'ann', '张三']],
  ['nobody', []],
])('%j is found in the names, ids and values of %j', (text, names) => {
  expect(people.filter((person) => matches(person, text)).map(({ name }) => name)).toEqual(names);
});

test('of what is not loaded the service is asked for whole ids and values', () => {
  const fields = { floor: { type: 'integer' }, team: { type: 'string' }, share: { type: 'double' } } as const;
  expect(exactFilter('ann', fields)).toBe('external_image_id:ann || team:ann');
  expect(exactFilter(' 7 ', fields)).toBe('external_image_id:7 || floor:7 || team:7');
  expect(exactFilter('张三', fields)).toMatch(/^external_image_id:person-[0-9a-f]{12} \|\| team:张三$/);
  expect(exactFilter('a b', fields)).toMatch(/^external_image_id:person-[0-9a-f]{12}$/);
  expect(exactFilter('  ', fields)).toBeUndefined();
});
