import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchGroupWrites } from '../../test/level-writes.ts';
import { checkLevel, holdsLevel } from '../integrity/check-level.ts';
import { DurableLevel } from './durable-level.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-level-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

const key = (text: string) => Buffer.from(text);
const put = (text: string, value = text) => ({ key: key(text), value });

async function opened(): Promise<DurableLevel> {
  const level = new DurableLevel(dir, { flush: true });
  await level.open();
  return level;
}

async function contents(level: DurableLevel): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const [at, text] of level.entries({})) found[at.toString()] = text;
  return found;
}

describe('a LevelDB', () => {
  test('brings every write to the disk before it is acknowledged', async () => {
    const groups = watchGroupWrites();
    const level = await opened();
    await Promise.all([
      level.write([put('a'), put('b')]),
      level.write([put('c')]),
      level.write([{ key: key('a') }]),
    ]);
    expect(groups.map(({ sync }) => sync)).toEqual([true, true]);
    expect(await contents(level)).toEqual({ b: 'b', c: 'c' });
    await level.close();
  });

  test('makes nobody wait for the disk whose write is not durable, but together with one that is', async () => {
    const groups = watchGroupWrites();
    const level = await opened();
    await level.write([put('a')], { durable: false });
    const first = level.write([put('b')]);
    await Promise.all([first, level.write([put('c')], { durable: false }), level.write([put('d')])]);
    await level.write([{ key: key('c') }], { durable: false });
    expect(groups.map(({ sync }) => sync)).toEqual([false, true, true, false]);
    expect(await contents(level)).toEqual({ a: 'a', b: 'b', d: 'd' });
    await level.close();
  });

  test('has all it had when it was opened again under whoever uses it', async () => {
    const level = await opened();
    await level.write([put('a'), put('b')]);
    await level.reopen();
    await level.write([put('c')]);
    expect(await contents(level)).toEqual({ a: 'a', b: 'b', c: 'c' });
    await level.close();
  });

  test('jumps on in a range, also backwards over one that ends early', async () => {
    const level = await opened();
    await level.write(['a', 'b', 'c', 'd', 'e'].map((each) => put(each)));
    const entries = level.entries({ lt: key('e') });
    const texts = [
      await entries.next(),
      await entries.next(key('c')),
      await entries.next(),
      await entries.next(),
    ];
    expect(texts.map(({ value }) => value?.[1])).toEqual(['a', 'c', 'd', undefined]);
    const last = level.entries({ reverse: true, limit: 2 });
    expect([
      (await last.next()).value?.[1],
      (await last.next()).value?.[1],
      (await last.next()).done,
    ]).toEqual(['e', 'd', true]);
    await level.close();
  });

  test('never gives out a value that is damaged or stands under another key, and names it once', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    const level = await opened();
    await level.write([put('a', 'value'), put('b', 'value'), put('c', 'value')]);
    await level.close();
    const raw = new ClassicLevel<string, Buffer>(dir, { valueEncoding: 'buffer' });
    const [a, b] = await raw.getMany(['a', 'b']);
    b?.writeUInt8((b.at(-1) ?? 0) ^ 1, b.length - 1);
    await raw.batch([
      { type: 'put', key: 'a2', value: a as Buffer },
      { type: 'put', key: 'b', value: b as Buffer },
    ]);
    await raw.close();
    const again = await opened();
    const unreadable = {
      statusCode: 500,
      message: expect.stringContaining('Stored data is damaged: the entry'),
    };
    for (const name of ['a2', 'b', 'b'])
      expect(() => again.get(key(name))).toThrow(expect.objectContaining(unreadable));
    await expect(contents(again)).rejects.toMatchObject(unreadable);
    expect(['a', 'c'].map((name) => again.get(key(name)))).toEqual(['value', 'value']);
    expect(told.mock.calls.flat()).toHaveLength(2);
    expect(told.mock.calls.flat().join()).toContain(`the entry "b" of ${dir} (its checksum is wrong)`);
    await again.close();
  });

  test('gives values of an older version their checksums, once', async () => {
    const old = new ClassicLevel(dir);
    await old.batch([
      { type: 'put', key: 'item', value: '{"id":{"S":"ü"}}' },
      { type: 'put', key: 'sequence', value: '1f' },
    ]);
    await old.close();
    const level = await opened();
    expect([await level.addChecksums(), await level.addChecksums()]).toEqual([2, 0]);
    expect(await contents(level)).toEqual({ item: '{"id":{"S":"ü"}}', sequence: '1f' });
    await level.close();
  });

  test('opens with the manifest as a power cut leaves it: its last change torn, with zeros where bytes were lost', async () => {
    const first = await opened();
    await first.write([put('a')]);
    await first.close();
    const [name = ''] = (await readdir(dir)).filter((each) => each.startsWith('MANIFEST'));
    const whole = await readFile(join(dir, name));
    for (const torn of [
      Buffer.concat([whole, Buffer.alloc(512)]),
      Buffer.concat([whole, Buffer.from('0102030420000101', 'hex'), Buffer.alloc(64)]),
      Buffer.concat([whole, Buffer.from('01020304ff', 'hex')]),
    ]) {
      await writeFile(join(dir, name), torn);
      const copy = await mkdtemp(join(tmpdir(), 'openfrs-level-'));
      const { cp } = await import('node:fs/promises');
      await cp(dir, copy, { recursive: true });
      const level = new DurableLevel(copy, { flush: true });
      await level.open();
      expect(await contents(level)).toEqual({ a: 'a' });
      await level.close();
      await rm(copy, { recursive: true });
    }
    await truncate(join(dir, name), 0);
    await expect(opened()).rejects.toThrow();
  });

  test.each(['', '\0'.repeat(50), undefined])(
    'is made anew where a power cut met its first opening and left %j of its first manifest',
    async (left) => {
      await writeFile(join(dir, 'CURRENT'), 'MANIFEST-000001\n');
      if (left !== undefined) await writeFile(join(dir, 'MANIFEST-000001'), left);
      await writeFile(join(dir, '000003.log'), '');
      expect(await holdsLevel(dir)).toBe(false);
      expect(await checkLevel(dir, 0, undefined)).toEqual([]);
      const level = await opened();
      await level.write([put('a')]);
      await level.close();
      expect(await holdsLevel(dir)).toBe(true);
      const again = await opened();
      expect(await contents(again)).toEqual({ a: 'a' });
      await again.close();
    },
  );

  test('with data in it is not taken for one that was never opened, whatever its CURRENT says', async () => {
    const level = await opened();
    await level.write([put('a')]);
    await level.close();
    await writeFile(join(dir, 'CURRENT'), 'MANIFEST-000001\n');
    expect(await holdsLevel(dir)).toBe(true);
    expect(await checkLevel(dir, 0, undefined)).toMatchObject([{ problem: 'is missing' }]);
    await expect(opened()).rejects.toThrow();
  });
});
