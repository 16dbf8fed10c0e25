import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openVectorJournal } from './vector-journal.ts';

const of = { set: 'a', model: 'm' };
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openfrs-journal-'));
  path = join(folder, 'journal');
});
afterEach(() => rm(folder, { recursive: true }));

it('goes on with the vectors of a run that was cut off, also in the middle of a line', async () => {
  const first = await openVectorJournal(path, of);
  await first.write('one', Float32Array.of(1, 2));
  await first.write('two', Float32Array.of(3, 4));
  await truncate(path, (await stat(path)).size - 5);
  const second = await openVectorJournal(path, of);
  expect(second.get('one')).toEqual(Float32Array.of(1, 2));
  expect(second.get('two')).toBeUndefined();
  await second.write('three', Float32Array.of(5));
  expect((await openVectorJournal(path, of)).get('three')).toEqual(Float32Array.of(5));
  expect((await stat(path)).mode & 0o077).toBe(0);
});

it.each(['face_id,reason\n1,none\n', '{"set":"b","model":"m"}\n', 'no line end'])(
  'refuses a file that is not its own, and leaves it as it is: %j',
  async (text) => {
    await writeFile(path, text);
    await expect(openVectorJournal(path, of)).rejects.toThrow('--journal');
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);
