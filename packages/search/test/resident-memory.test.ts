import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { encodeSegment } from '../src/index.ts';
import { faceRow, randomFrom, randomVector, specOf } from './support.ts';

const program = new URL('./load-set.ts', import.meta.url).pathname;
const segments = 9;
const rowsOfOne = 32_768;

it('a process that loads a large set holds little more than what is counted of it', async () => {
  const random = randomFrom(25);
  const vector = randomVector(192, random);
  const rows = Array.from({ length: rowsOfOne }, (_, i) => faceRow(i, vector));
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-resident-'));
  try {
    const file = join(folder, 'segment');
    await writeFile(file, encodeSegment(specOf(192), rows));
    const args = ['--expose-gc', '--import', 'tsx', program, file, String(segments)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { added, counted } = JSON.parse(stdout) as { added: number; counted: number };
    expect(counted / (segments * rowsOfOne)).toBeLessThan(1.3 * 192);
    // Codes that came in pieces and were brought together later took as much again: 2.1 times all of it.
    expect(added).toBeLessThan(1.6 * counted);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
