import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, test } from 'vitest';
import { reopenLevel } from './reopen.ts';
import { SerialWrites, serialWritesOf } from './serial-writes.ts';

const put = (key: string) => [{ type: 'put' as const, key, value: key }];

describe('the writes of a LevelDB', () => {
  test('go one group at a time; those that wait go together', async () => {
    const groups: number[] = [];
    let running = 0;
    const writes = new SerialWrites(async (group) => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      groups.push(group.length);
      running -= 1;
    });
    await Promise.all(Array.from({ length: 50 }, (_, at) => writes.add(put(String(at)))));
    expect(groups).toEqual([1, 49]);
  });

  test('after one that failed none is tried, also none that waited behind it, until the store is reopened', async () => {
    let full = true;
    const tried: string[] = [];
    const told: unknown[] = [];
    const writes = new SerialWrites(async (group) => {
      tried.push(...group.map(({ key }) => String(key)));
      await new Promise((resolve) => setImmediate(resolve));
      if (full) throw new Error('IO error: /data/000005.log: No space left on device');
    });
    writes.onFailure = (error) => told.push(error);
    const first = writes.add(put('first'));
    const behind = writes.add(put('behind'));
    for (const write of [first, behind, first.catch(() => writes.add(put('later')))]) {
      await expect(write).rejects.toMatchObject({
        statusCode: 507,
        message: "The store can't be written to: there is no space left on its disk.",
      });
    }
    expect(tried).toEqual(['first']);
    expect(told).toHaveLength(1);
    full = false;
    writes.reopened();
    await writes.add(put('again'));
    expect(tried).toEqual(['first', 'again']);
  });

  test('are all there after the store was opened again under whoever uses it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'openfrs-level-'));
    const level = new ClassicLevel(dir);
    await Promise.all([level.put('a', '1'), level.put('b', '2'), level.del('a')]);
    await reopenLevel(level);
    expect(serialWritesOf(level).failed).toBe(false);
    await level.batch([{ type: 'put', key: 'c', value: '3' }]);
    expect(await level.getMany(['a', 'b', 'c'])).toEqual([undefined, '2', '3']);
    await level.close();
    await rm(dir, { recursive: true, force: true });
  });

  test('a value that is damaged fails its own read, with an answer that dynalite can give', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'openfrs-level-'));
    const level = new ClassicLevel<string, unknown>(dir, { valueEncoding: 'json' });
    await level.put('damaged', '{"v', { valueEncoding: 'utf8' });
    await level.put('whole', 1);
    await expect(level.get('damaged')).rejects.toMatchObject({ statusCode: 500, code: undefined });
    expect(await level.get('whole')).toBe(1);
    await level.close();
    await rm(dir, { recursive: true, force: true });
  });
});
