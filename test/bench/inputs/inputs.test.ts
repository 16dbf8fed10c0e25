import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { photo } from '../../support/photos.ts';
import { runBench } from './run-bench.ts';

const folder = await mkdtemp(join(tmpdir(), 'openfrs-bench-inputs-'));
afterAll(() => rm(folder, { recursive: true }));

/** People with a photo each, of whom a list names one that is not there. */
const people = join(folder, 'people');
for (const [name, number] of [
  ['ann', 1],
  ['bea', 2],
] as const) {
  await mkdir(join(people, name), { recursive: true });
  await writeFile(join(people, name, `${name}_0001.jpg`), photo(number));
}
const pairs = join(folder, 'pairs.txt');
await writeFile(pairs, '1\t1\nann\t1\tbea\t1\nann\t1\t2\n');

/** Without any model: what is measured would fail otherwise than is expected here. */
vi.stubEnv('FRS_MODELS_DIR', join(folder, 'no-models'));

const reports = ['accuracy', 'liveness', 'vision', 'load', 'search', 'service'];

it.each<readonly [options: string, sentence: RegExp]>([
  [`accuracy --identities ${people} --pairs ${pairs}`, /ann_0002\.jpg/],
  [`accuracy --identities ${people} --pairs ${folder}/nothing.txt`, /no file .*nothing\.txt/],
  [`accuracy --identities ${folder}/nobody`, /no folder .*nobody/],
  [`accuracy --identities ${people}/ann`, /at least two folders/],
  [`accuracy --pairs ${pairs}`, /--identities/],
  [`liveness --attacks ${folder}/nobody.jpg`, /no file .*nobody\.jpg/],
  ...reports.map((name) => [`${name} --json ${folder}/nowhere/report.json`, /no folder .*nowhere/] as const),
  ['vision --jsno report.json', /--jsno/],
])('bench %s is refused with a sentence before anything is measured', async (options, sentence) => {
  const complaints: string[] = [];
  expect(await runBench(options.split(' '), (complaint) => complaints.push(complaint))).toBe(2);
  expect(complaints).toEqual([expect.stringMatching(sentence)]);
  expect(complaints[0]).not.toMatch(/^\s+at /m);
});
