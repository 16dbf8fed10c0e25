import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { checkValues } from './integrity/check-level.ts';
import { checkStored } from './keep-checking.ts';
import { closeLevels, openLevels } from './open-levels.ts';
import { Blobs } from './s3/storage/blobs.ts';
import { Store } from './s3/store.ts';

test('the daily look at all that is stored names a table and a body of which one bit has flipped', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-checking-'));
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const blobs = new Blobs(join(dir, 's3', 'blobs'), true);
  const open = () => openLevels(dir, { flush: true });
  const first = await open();
  await first.tables.write([{ key: Buffer.from('item-a~1'), value: '{"id":{"S":"a"}}' }]);
  await closeLevels(dir, first);
  // The second start has brought the first one's log into a table.
  const levels = await open();
  const store = new Store(
    levels.catalog,
    blobs,
    () => undefined,
    () => undefined,
  );
  await store.open();
  const blob = await blobs.write(bytesOf(400_000));
  await store.change(
    ...(['bucket', 'key', 'ObjectCreated:Put'] as const),
    { size: blob.size, etag: '', headers: {}, blobs: [blob] },
    () => undefined,
  );
  await checkStored(dir, store);
  expect(told.mock.calls.flat()).toEqual([]);

  const [table = ''] = (await readdir(join(dir, 'dynamodb'))).filter((name) => name.endsWith('.ldb'));
  const flipped = [join(dir, 'dynamodb', table), join(dir, 's3', 'blobs', blob.id.slice(0, 2), blob.id)];
  for (const file of flipped) {
    const content = await readFile(file);
    content[10] = (content[10] ?? 0) ^ 1;
    await writeFile(file, content);
  }
  await checkStored(dir, store);
  const said = told.mock.calls.flat().join('\n');
  for (const file of flipped) expect(said).toContain(file);
  expect(said).toContain('restore');
  await closeLevels(dir, levels);
  await rm(dir, { recursive: true });
});

test('a look at values that meets a manifest just being replaced looks again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-checking-'));
  const levels = await openLevels(dir, { flush: true });
  await closeLevels(dir, levels);
  const current = join(dir, 'dynamodb', 'CURRENT');
  const replaced = await readFile(current);
  await writeFile(current, 'MANIFEST-999999\n');
  const looking = checkValues(join(dir, 'dynamodb'));
  setTimeout(() => writeFile(current, replaced), 50);
  expect(await looking).toEqual([]);
  await rm(dir, { recursive: true });
});

async function* bytesOf(size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; left -= 100_000) yield Buffer.alloc(Math.min(left, 100_000), left % 251);
}
