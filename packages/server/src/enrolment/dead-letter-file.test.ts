import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { takeDeadLetterFile } from './dead-letter-file.ts';

const dir = await mkdtemp(join(tmpdir(), 'openfrs-letters-'));
afterAll(() => rm(dir, { recursive: true }));

const upload = { bucket: 'media', key: 'enrol/p/s/ann.jpg', version: '01', etag: 'e' };
const time = '2026-11-01T00:00:00.000Z';
const object = { key: 'enrol/p/s/jos%C3%A9.jpg', sequencer: '02' };
const event = { Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'media' }, object } }] };

async function taken(lines: readonly string[]) {
  const file = join(dir, 'dead-letters.jsonl');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  const put = vi.fn(async () => {});
  const tableAt = vi.fn(() => ({ put }));
  await takeDeadLetterFile(file, tableAt);
  await expect(access(file)).rejects.toThrow();
  return { put, tableAt };
}

it('letters of older servers and of the embedded stores come into the table with their time', async () => {
  const { put, tableAt } = await taken([
    JSON.stringify({ time, code: 'FRS.0404', error: 'No face.', upload }),
    JSON.stringify({ time, attempts: 107, error: 'Error: down', event }),
  ]);
  expect(put.mock.calls).toEqual([
    [upload, 'FRS.0404', 'No face.'],
    [{ bucket: 'media', key: 'enrol/p/s/josé.jpg', version: '02' }, 'FRS.0018', 'Error: down'],
  ]);
  expect(tableAt).toHaveBeenCalledWith(new Date(time));
});

it('a torn line is told of, and holds up no other', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { put } = await taken(['{"time":', JSON.stringify({ time, code: 'FRS.0404', error: '', upload })]);
  expect(put).toHaveBeenCalledTimes(1);
  expect(said).toHaveBeenCalledWith(expect.stringContaining('Line 1'));
  said.mockRestore();
});

it('the file stays where the table fails, and where there is none nothing is done', async () => {
  const file = join(dir, 'dead-letters.jsonl');
  await writeFile(file, `${JSON.stringify({ time, code: 'FRS.0404', error: '', upload })}\n`);
  const down = { put: () => Promise.reject(new Error('down')) };
  await expect(takeDeadLetterFile(file, () => down)).rejects.toThrow('down');
  await access(file);
  await takeDeadLetterFile(join(dir, 'none'), () => down);
});
