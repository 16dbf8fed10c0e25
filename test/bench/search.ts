import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sharedData } from '../support/shared-data.ts';
import { assertReportWritable } from './inputs/inputs.ts';
import { type Dataset, makeDataset, spreadFaces } from './search/data.ts';
import type { Engine, Loaded } from './search/engine.ts';
import { faiss } from './search/faiss.ts';
import { type Case, measure, type Shape } from './search/measure.ts';
import { onnxruntime } from './search/onnxruntime.ts';
import { openfrs } from './search/openfrs.ts';
import { photoVectors } from './search/photo-vectors.ts';
import { plainJs } from './search/plain-js.ts';
import { usearch } from './search/usearch.ts';

const engines: readonly Engine[] = [openfrs, faiss, plainJs, onnxruntime, usearch];

const one: Shape = { top: 10, queries: 1, selectivity: 1 };
const sixteen: Shape = { ...one, queries: 16 };
const thousand: Shape = { ...one, top: 1000 };
const filtered = [0.01, 0.1, 0.9].map((selectivity): Shape => ({ ...one, selectivity }));

const made = ['clustered', 'random'] as const;

const plans: readonly {
  n: number;
  dim: number;
  kinds: readonly Dataset['kind'][];
  shapes: readonly Shape[];
}[] = [
  { n: 100_000, dim: 192, kinds: ['faces', ...made], shapes: [one, sixteen, thousand, ...filtered] },
  { n: 1_000_000, dim: 192, kinds: ['faces'], shapes: [one, thousand] },
  { n: 100_000, dim: 512, kinds: made, shapes: [one, sixteen] },
  { n: 1_000_000, dim: 128, kinds: made, shapes: [one] },
];
const rounds = 24;

/**
 * npm run bench search [-- --json FILE] [--quick] [--photos DIR]: exact search beside other engines, on one thread each; of made-up
 * vectors and of `faces`, made of those of real photos (a folder a person; left out where there are none).
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      photos: { type: 'string', default: `${sharedData('') ?? ''}identities/lfw_dev` },
    },
  });
  assertReportWritable(values.json);
  const here: Engine[] = [];
  for (const engine of engines) {
    try {
      console.log(`${engine.name}: ${await engine.describe()}`);
      here.push(engine);
    } catch (error) {
      console.log(`${engine.name} is left out: ${error instanceof Error ? error.message : error}`);
    }
  }
  const faces = await photoVectors(values.photos);
  if (faces === undefined) console.log(`no photos in ${values.photos}: faces are left out`);
  const cases: Case[] = [];
  for (const { n, dim, kinds, shapes } of plans.filter((plan) => !values.quick || plan.n === 100_000)) {
    for (const kind of kinds) {
      if (kind === 'faces' && faces === undefined) continue;
      const data = kind === 'faces' ? spreadFaces(faces!, n, 64) : makeDataset(kind, n, dim, 64);
      const loaded = new Map<string, Loaded>();
      for (const engine of here) loaded.set(engine.name, await engine.load(data));
      const measured = await measure(data, loaded, shapes, rounds);
      cases.push(...measured);
      for (const shape of shapes) print(shape, measured);
      for (const engine of loaded.values()) await engine.close();
    }
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify({ cases }, undefined, 1)}\n`);
}

function print({ top, queries, selectivity }: Shape, measured: readonly Case[]): void {
  const [{ data, n, dim }] = measured as [Case];
  const filter = selectivity < 1 ? `, ${selectivity * 100} % pass the filter` : '';
  const asked = queries === 1 ? 'one query' : `${queries} queries at once`;
  console.log(`\n${n} × ${dim} ${data}, top ${top}, ${asked}${filter}`);
  const same = measured.filter(
    (found) => found.top === top && found.queries === queries && found.selectivity === selectivity,
  );
  const faiss = same.find((found) => found.engine === 'faiss');
  for (const found of same) {
    const single = measured.find(
      ({ engine, ...other }) =>
        engine === found.engine &&
        other.queries === 1 &&
        other.top === top &&
        other.selectivity === selectivity,
    );
    const columns = [
      `  ${found.engine.padEnd(12)} ${figures(found)}`,
      faiss ? `${ratio(found, faiss)} × faiss` : '',
      queries > 1 && single ? `${ratio(found, single, queries)} × one by one` : '',
      found.exact ? 'exact' : '',
    ];
    console.log(columns.filter((column) => column !== '').join('   '));
  }
}

/** Time, and processor time in parentheses. */
function figures({ ms_median, cpu_ms_median }: Case): string {
  return `${ms_median.toFixed(2).padStart(9)} ms (cpu ${cpu_ms_median.toFixed(2).padStart(8)})`;
}

function ratio(a: Case, b: Case, times = 1): string {
  const wall = (a.ms_median / times / b.ms_median).toFixed(2);
  return `${wall} (cpu ${(a.cpu_ms_median / times / b.cpu_ms_median).toFixed(2)})`;
}
