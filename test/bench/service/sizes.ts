import type { StoreOptions } from '@openfrs/store';
import { costOf, storageCost } from '../cost/prices.ts';
import { median } from '../statistics/quantile.ts';
import { runInChildProcess } from './child-process.ts';
import { fillSet, threeFields } from './full-set.ts';
import type { Task, Told } from './searcher.ts';

const program = new URL('./searcher.ts', import.meta.url);
const mega = 2 ** 20;
/** What a set is given to be wholly in memory. */
const plenty = 4096 * mega;
const repeats = 5;
/** What a request without a picture takes in a function besides its search: `face-list` in packages/infra/COST.md. */
const requestMs = 49;
/** The function's memory: with room for models and a full set, or for a million faces beside them. */
const memoryFor = (faces: number) => (faces > 100_000 ? 3008 : 1769);

/**
 * Time, memory and cost by set size, as a Markdown table; each figure from processes of their own, the first search of
 * each process coming after a look at the set's item and its segments' headers alone. The sets have three fields.
 */
export async function sizesTable(
  where: StoreOptions,
  project: string,
  sizes: readonly number[],
): Promise<string> {
  const lines = [
    '| faces | first search of a process | reading the int8 block alone | warm search | memory | 1,000 searches | a first search | storage a month |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const faces of sizes) {
    const name = `size-${faces}`;
    const { importMs, compactMs } = await fillSet(where, project, name, faces, threeFields);
    console.log(`${faces}: imported in ${seconds(importMs)}, compacted in ${seconds(compactMs)}`);
    lines.push(row(faces, await measured(project, name)));
    console.log(lines.at(-1));
  }
  const full = sizes.filter((faces) => faces <= 100_000).at(-1) ?? 0;
  const ten = await run({ project, name: `size-${full}`, copies: 10, cacheBytes: plenty });
  lines.push(
    '',
    `Ten sets of ${full.toLocaleString('en')} faces in one process: ${megabytes(ten.rssBytes)}.`,
  );
  return lines.join('\n');
}

interface Row {
  readonly first: readonly Told[];
  readonly block: readonly Told[];
}

/** By turns, so that what else the machine does meets both alike. */
async function measured(project: string, name: string): Promise<Row> {
  const first: Told[] = [];
  const block: Told[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    block.push(await run({ project, name, copies: 0, cacheBytes: plenty }));
    first.push(await run({ project, name, copies: 1, cacheBytes: plenty }));
  }
  return { first, block };
}

const run = (task: Task) => runInChildProcess<Task, Told>(program, task, ['--expose-gc']);

function row(faces: number, { first, block }: Row): string {
  const middle = (values: readonly Told[], of: (told: Told) => number) => median(values.map(of));
  const firstMs = middle(first, (told) => told.firstMs);
  const warmMs = middle(first, (told) => told.warmMs);
  const [{ gets, reads }] = first as [Told];
  const megabytesOf = memoryFor(faces);
  const call = { name: 'search', megabytes: megabytesOf, writes: 0 };
  const warm = costOf({ ...call, ms: requestMs + warmMs, reads: 1, gets: 0 }).total;
  // About 20 records are read for the exact figures; columns and vectors follow behind, five times the codes' ranges.
  const cold =
    costOf({ ...call, ms: requestMs + firstMs, reads: 1 + reads * 20, gets: gets * 6 }).total / 1000;
  const cells = [
    faces.toLocaleString('en'),
    `${firstMs.toFixed(0)} ms`,
    // A small set has no segment yet: all comes from the records.
    gets === 0 ? '–' : `${middle(block, (told) => told.firstMs).toFixed(0)} ms`,
    `${warmMs.toFixed(1)} ms`,
    megabytes(middle(first, (told) => told.rssBytes)),
    `$${warm.toFixed(4)}`,
    `$${cold.toFixed(6)}`,
    `$${storageCost(faces).toFixed(3)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
const megabytes = (bytes: number) => `${Math.round(bytes / mega)} MB`;
