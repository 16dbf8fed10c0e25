import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readTable } from './field-table.ts';
import { filesOfZip } from './zip.ts';

const gbk = Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd);
const utf8 = new TextEncoder().encode('张三');

/** A ZIP whose names have these bytes in the place of the same number of `#`, unflagged as archivers write them. */
function zipWith(bytes: Uint8Array): File {
  const place = '#'.repeat(bytes.length);
  const picture = Uint8Array.of(1);
  const zip = zipSync({ [`all/${place}/1.jpg`]: picture, 'all/ann/1.jpg': picture, 'all/note.txt': picture });
  const mark = 0x23;
  for (let at = 0; at < zip.length; at++) {
    if (zip.subarray(at, at + bytes.length).every((byte) => byte === mark)) zip.set(bytes, at);
  }
  return new File([zip], 'people.zip');
}

test.each([
  ['GBK, as on Chinese Windows', gbk],
  ['UTF-8 without the flag, as on macOS', utf8],
])('the names of a ZIP are read that are written in %s', async (_, bytes) => {
  const files = await filesOfZip(zipWith(bytes));
  expect(files.map(({ path }) => path)).toEqual(['张三/1.jpg', 'ann/1.jpg']);
});

test('names that are flagged as UTF-8 stay as they are', async () => {
  const zip = zipSync({ 'José/1.jpg': Uint8Array.of(1), '张三/1.jpg': Uint8Array.of(1) });
  const files = await filesOfZip(new File([zip], 'people.zip'));
  expect(files.map(({ path }) => path)).toEqual(['José/1.jpg', '张三/1.jpg']);
});

test.each([
  ['GBK, as Excel on Chinese Windows does', gbk],
  ['UTF-8', utf8],
])('a table is read that is written in %s', async (_, bytes) => {
  const table = await readTable(new File(['person,floor\n', Uint8Array.from(bytes), ',3\n'], 'fields.csv'));
  expect([...table]).toEqual([['张三', { floor: '3' }]]);
});
