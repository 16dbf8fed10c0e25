import { expect, test } from 'vitest';
import type { PathFile } from '../pictures/face-photos.ts';
import { tableOfCsv, tableOfJson } from './field-table.ts';
import { type Layout, likelyLayout, planOf, unusedRows } from './plan.ts';
import { withoutRoot } from './zip.ts';

const photos = (...paths: string[]): PathFile[] =>
  paths.map((path) => ({ path, file: new File(['x'], path.split('/').at(-1) ?? '') }));
const fields = { floor: { type: 'integer' }, badge: { type: 'long' }, team: { type: 'string' } } as const;

test('each folder is a person, whose name is kept exactly', () => {
  const plan = planOf(
    photos('ann/1.jpg', 'ann/2.jpg', '张三/1.jpg'),
    { kind: 'folder' },
    fields,
    undefined,
    {},
  );
  expect(plan.map(({ person }) => person)).toEqual(['ann', 'ann', '张三']);
  expect(plan[0]?.id).toBe('ann');
  expect(plan[2]?.id).toMatch(/^person-[0-9a-f]{12}$/);
});

test('or each file, or all of them are one', () => {
  const some = photos('x/ann.jpg', 'x/eve.jpg');
  const people = (layout: Parameters<typeof planOf>[1]) =>
    planOf(some, layout, fields, undefined, {}).map(({ person }) => person);
  expect(people({ kind: 'file' })).toEqual(['ann', 'eve']);
  expect(people({ kind: 'one', name: 'mia' })).toEqual(['mia', 'mia']);
});

const peopleIn = (layout: Layout, ...paths: string[]) =>
  planOf(photos(...paths), layout, { file: { type: 'string' } }, undefined, {});

test('the folder that holds the photo is the person, or the outermost one', () => {
  const paths = ['研发部/张三/1.jpg', '市场部/李四/1.jpg'];
  const names = (kind: 'folder' | 'outermost') => peopleIn({ kind }, ...paths).map(({ person }) => person);
  expect(names('folder')).toEqual(['张三', '李四']);
  expect(names('outermost')).toEqual(['研发部', '市场部']);
});

test.each([
  ['folder', ['研发部/张三/1.jpg', '市场部/张三/1.jpg']],
  ['file', ['研发部/张三.jpg', '市场部/张三.jpg']],
] as const)('two places with one name may be two people, by the %s', (kind, paths) => {
  const shared = peopleIn({ kind }, ...paths, '市场部/李四/李四.jpg').map(({ sharedWith }) => sharedWith);
  expect(shared).toEqual([
    expect.stringMatching('市场部/张三'),
    expect.stringMatching('研发部/张三'),
    undefined,
  ]);
});

test.each([
  ['people, each a folder', ['ann/1.jpg', 'eve/1.jpg'], 'folder'],
  ['departments of people', ['a/ann/1.jpg', 'a/eve/1.jpg', 'b/mia/1.jpg'], 'folder'],
  ['folders within those of people', ['ann/2024/1.jpg', 'eve/2024/1.jpg'], 'outermost'],
  ['a few photos of one person', ['ann/1.jpg', 'ann/2.jpg'], 'folder'],
  ['a folder of many files', Array.from({ length: 50 }, (_, each) => `staff/${each}.jpg`), 'file'],
  ['no folder', ['ann.jpg', 'eve.jpg'], 'file'],
])('the likely layout of %s', (_, paths, kind) => {
  expect(likelyLayout(photos(...paths)).kind).toBe(kind);
});

test('a name is lost that neither the id nor the path has', () => {
  const losing = (layout: Layout, path: string, type: 'string' | 'integer' = 'string') =>
    planOf(photos(path), layout, { file: { type } }, undefined, {})[0]?.losesName;
  expect(losing({ kind: 'folder' }, '张三/1.jpg')).toBe(false);
  expect(losing({ kind: 'folder' }, 'ann/1.jpg', 'integer')).toBe(false);
  expect(losing({ kind: 'folder' }, '张三/1.jpg', 'integer')).toBe(true);
  expect(losing({ kind: 'folder' }, `张三/${'照'.repeat(40)}.jpg`)).toBe(true);
  expect(losing({ kind: 'one', name: '张三' }, '1.jpg')).toBe(true);
});

test('photos of two archives with the same path are two', () => {
  expect(peopleIn({ kind: 'folder' }, 'ann/1.jpg', 'ann/1.jpg').map(({ number }) => number)).toEqual([0, 1]);
});

test('fields come from a CSV by the name of the folder or the path, else what is typed for all', async () => {
  const table = await tableOfCsv(
    'person,floor,badge,other\nann,3,9007199254740993,x\neve/1.jpg,4,,\nbob,1,1,\n',
  );
  const plan = planOf(photos('ann/1.jpg', 'eve/1.jpg'), { kind: 'folder' }, fields, table, { team: 'red' });
  expect(plan.map((photo) => photo.fields)).toEqual([
    { floor: 3, badge: 9007199254740993n, team: 'red' },
    { floor: 4, team: 'red' },
  ]);
  expect(unusedRows(table, plan)).toEqual(['bob']);
});

test('a value that its field can not have is named', async () => {
  const table = await tableOfCsv('name;floor\nann;three\n');
  const [photo] = planOf(photos('ann/1.jpg'), { kind: 'folder' }, fields, table, {});
  expect(photo).toMatchObject({ fields: {}, wrong: ['floor=three'] });
});

test('an empty cell leaves what is typed for all, and a column file fills no field', async () => {
  const table = await tableOfCsv('person,file,team\nann,ann/1.jpg,\n');
  const all = { ...fields, file: { type: 'string' } } as const;
  const [photo] = planOf(photos('ann/1.jpg'), { kind: 'folder' }, all, table, { team: 'red' });
  expect(photo).toMatchObject({ fields: { team: 'red' }, wrong: [] });
});

test('a field may be called as what every object inherits', () => {
  const inherited = { constructor: { type: 'string' } } as const;
  const [photo] = planOf(photos('ann/1.jpg'), { kind: 'folder' }, inherited, undefined, {});
  expect(photo).toMatchObject({ fields: {}, wrong: [] });
});

test.each(['[{"name": "ann", "badge": 9007199254740993}]', '{"ann": {"badge": 9007199254740993}}'])(
  'fields come from JSON too, with all digits: %s',
  (text) => {
    const [photo] = planOf(photos('ann/1.jpg'), { kind: 'folder' }, fields, tableOfJson(text), {});
    expect(photo?.fields).toEqual({ badge: 9007199254740993n });
  },
);

test.each(['3', '[1]', '{"ann": 1}', '{'])('%s is no table', (text) => {
  expect(() => tableOfJson(text)).toThrow();
});

test.each([
  [
    ['people/ann/1.jpg', 'people/eve/1.jpg'],
    ['ann/1.jpg', 'eve/1.jpg'],
  ],
  [
    ['people/ann/1.jpg', 'people/fields.csv'],
    ['ann/1.jpg', 'fields.csv'],
  ],
  [
    ['ann/1.jpg', 'ann/2.jpg'],
    ['ann/1.jpg', 'ann/2.jpg'],
  ],
  [
    ['ann/1.jpg', 'eve/1.jpg'],
    ['ann/1.jpg', 'eve/1.jpg'],
  ],
])('the folder around all of a ZIP is no person: %j', (paths, within) => {
  expect(withoutRoot(photos(...paths)).map(({ path }) => path)).toEqual(within);
});
