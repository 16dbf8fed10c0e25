import { expect, test } from 'vitest';
import { filesOfDrop, picturesOf } from './folder.ts';

type Tree = { readonly [name: string]: Tree | null };

const entryOf = (name: string, inside: Tree | null): unknown =>
  inside === null
    ? {
        name,
        isFile: true,
        isDirectory: false,
        file: (take: (file: File) => void) => take(new File(['x'], name)),
      }
    : { name, isFile: false, isDirectory: true, createReader: () => readerOf(inside) };

function readerOf(tree: Tree) {
  const batches = [Object.entries(tree).map(([name, inside]) => entryOf(name, inside)), []];
  return { readEntries: (take: (entries: unknown) => void) => take(batches.shift()) };
}

/** What a browser hands over when these files and folders are dropped. */
const dropped = (tree: Tree) =>
  Object.entries(tree).map(([name, inside]) => ({
    webkitGetAsEntry: () => entryOf(name, inside),
  })) as unknown as DataTransferItemList;

test.each([
  ['a folder', { staff: { ann: { '1.jpg': null } } }, ['ann/1.jpg']],
  [
    'a folder and its table',
    { staff: { ann: { '1.jpg': null } }, 'fields.csv': null },
    ['ann/1.jpg', 'fields.csv'],
  ],
  ['two folders', { ann: { '1.jpg': null }, eve: { '1.jpg': null } }, ['ann/1.jpg', 'eve/1.jpg']],
  ['a folder beside a photo', { ann: { '1.jpg': null }, 'eve.jpg': null }, ['ann/1.jpg', 'eve.jpg']],
] as const)('the paths of %s that is dropped', async (_, tree, paths) => {
  const files = await filesOfDrop(dropped(tree));
  expect(files.map(({ path }) => path).sort()).toEqual([...paths].sort());
});

test('what macOS puts beside a photo is none', () => {
  const files = ['1.jpg', '._1.jpg'].map((name) => ({ path: `ann/${name}`, file: new File(['x'], name) }));
  expect(picturesOf(files).map(({ path }) => path)).toEqual(['ann/1.jpg']);
});
