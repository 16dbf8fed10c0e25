import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLines, writeLines } from './line-files.ts';

test.each(['backup.ndjson', 'backup.ndjson.gz'])(
  '%s that ends in the middle leaves the file before it, and nothing else',
  async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'openfrs-lines-'));
    try {
      const file = join(folder, name);
      await writeFile(file, 'before');
      const lines = async function* () {
        yield 'one\n';
        throw new Error('the stores are gone');
      };
      await expect(writeLines(file, lines())).rejects.toThrow('the stores are gone');
      expect(await readdir(folder)).toEqual([name]);
      expect(await readFile(file, 'utf8')).toBe('before');
      await writeLines(
        file,
        (async function* () {
          yield 'one\n';
          yield 'two\n';
        })(),
      );
      const read: string[] = [];
      for await (const line of readLines(file)) read.push(line);
      expect(read).toEqual(['one', 'two']);
      expect(await readdir(folder)).toEqual([name]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
