import { expect, test } from 'vitest';
import type { Item, Table } from '../../dynamodb/table.ts';
import { checkedFaces } from './damaged-record.ts';
import { faceItem } from './faces.ts';
import { faceSortKey } from './keys.ts';

const set = { setId: 'set', dimension: 4, fields: {} };
const face = {
  box: { topLeftX: 1, topLeftY: 2, width: 3, height: 4 },
  externalImageId: 'name',
  fields: {},
  vector: new Float32Array([1, 0, 0, 0]),
};

/** A table whose pages fail where they hold a record that can't be decoded. */
function tableOf(count: number, unreadable: readonly number[], short: readonly number[]) {
  const items = Array.from({ length: count }, (_, number) =>
    faceItem('set', number, 'op', short.includes(number) ? { ...face, vector: new Float32Array(3) } : face),
  );
  const bad = new Set(unreadable.map(faceSortKey));
  let pages = 0;
  const table: Pick<Table, 'pages'> = {
    async *pages(_pk, from, to) {
      const found = items.filter(({ sk }) => sk >= from && sk <= to);
      for (let at = 0; at < found.length; at += 50) {
        pages += 1;
        const page: Item[] = found.slice(at, at + 50);
        if (page.some(({ sk }) => bad.has(sk))) throw new TypeError('Invalid base64 string.');
        yield page;
      }
    },
  };
  return { table: table as Table, pages: () => pages };
}

test('damaged records are named, each of them and no other, and the rest is read in order', async () => {
  const { table, pages } = tableOf(1000, [0, 333, 334, 999], [500]);
  const damaged: number[] = [];
  const read: number[] = [];
  for await (const page of checkedFaces(table, set, 0, 1000, ({ number }) => damaged.push(number))) {
    read.push(...page.map(({ number }) => number));
  }
  expect(damaged).toEqual([0, 333, 334, 500, 999]);
  expect(read).toEqual(Array.from({ length: 1000 }, (_, at) => at).filter((at) => !damaged.includes(at)));
  expect(pages()).toBeLessThan(300);
});

test('a failure on the way to the records is not taken for damage', async () => {
  const table = {
    // biome-ignore lint/correctness/useYield: it fails before
    async *pages() {
      throw new Error('connection refused');
    },
  } as unknown as Table;
  const read = async () => {
    for await (const _ of checkedFaces(table, set, 0, 10, () => {}));
  };
  await expect(read()).rejects.toThrow('connection refused');
});
