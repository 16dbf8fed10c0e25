import { expect, test } from 'vitest';
import { joined, readSource } from './source.ts';

const file = (path: string, content = 'x') => ({
  path,
  file: new File([content], path.split('/').at(-1) ?? '', { lastModified: 0 }),
});

test('a second choice adds to the first, and the same file is taken once', async () => {
  const photos = await readSource([file('ann/1.jpg')]);
  const table = await readSource([
    file('fields.csv', 'person,floor\nann,3\n'),
    file('ann/1.jpg'),
    file('ann/1.jpg', 'yy'),
  ]);
  const both = joined(photos, table);
  expect(both.photos.map(({ file: { size } }) => size)).toEqual([1, 2]);
  expect([...(both.table ?? [])]).toEqual([['ann', { floor: '3' }]]);
});

test('a table that can not be read is named, and the photos are there all the same', async () => {
  const source = await readSource([
    file('ann/1.jpg'),
    file('ann/notes.json', '{'),
    file('fields.csv', 'person,floor\nann,3\n'),
  ]);
  expect(source.photos).toHaveLength(1);
  expect(source.unread).toEqual([{ path: 'ann/notes.json', error: expect.any(Error) }]);
  expect(source.table?.has('ann')).toBe(true);
});
