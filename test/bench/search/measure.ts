import { cosine } from '@openfrs/search';
import { median } from '../statistics/quantile.ts';
import type { Dataset } from './data.ts';
import { type Answer, type Loaded, passes, type Question } from './engine.ts';

export interface Case {
  readonly engine: string;
  readonly data: Dataset['kind'];
  readonly n: number;
  readonly dim: number;
  readonly top: number;
  readonly queries: number;
  readonly selectivity: number;
  /** For all the queries together. */
  readonly ms_median: number;
  /** The same in processor time. */
  readonly cpu_ms_median: number;
  /** The rows, their order and (where the engine gives them) the cosines are those of brute force in double precision. */
  readonly exact: boolean;
}

export interface Shape {
  readonly top: number;
  readonly queries: number;
  readonly selectivity: number;
}

/** An engine that has taken so long for one shape is asked it no more. */
const patienceMs = 6000;
const warmUps = 2;

/**
 * Measures engines and shapes by turns, one question each, so that what else the machine does meets all alike:
 * compare what was measured in one call.
 */
export async function measure(
  data: Dataset,
  engines: ReadonlyMap<string, Loaded>,
  shapes: readonly Shape[],
  rounds: number,
): Promise<Case[]> {
  const runs = shapes.flatMap((shape) =>
    [...engines].map(([name, engine]) => ({
      shape,
      name,
      engine,
      times: [] as Answer[],
      exact: true,
      able: true,
    })),
  );
  const truths = new Map<Shape, Hit[][]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const run of runs) {
      const { shape, engine, times } = run;
      if (!run.able || times.reduce((sum, { ms }) => sum + ms, 0) > patienceMs) continue;
      const first = (round * shape.queries) % (data.queries.length - shape.queries + 1);
      const question = { ...shape, queries: data.queries.slice(first, first + shape.queries) };
      const answer = await engine.answer(question);
      run.able = answer !== undefined;
      if (!answer) continue;
      if (round >= warmUps) times.push(answer);
      if (round > 0) continue;
      const truth = truths.get(shape) ?? question.queries.map((query) => bruteForce(data, query, question));
      truths.set(shape, truth);
      run.exact = agrees(answer, truth);
    }
  }
  return runs
    .filter((run) => run.able)
    .map(({ shape: { top, queries, selectivity }, name, times, exact }) => ({
      ...{ engine: name, data: data.kind, n: data.n, dim: data.dim, top, queries, selectivity },
      ms_median: medianOf(times.map((answer) => answer.ms)),
      cpu_ms_median: medianOf(times.map((answer) => answer.cpuMs)),
      exact,
    }));
}

interface Hit {
  readonly row: number;
  readonly cosine: number;
}

function bruteForce(
  { n, dim, vectors }: Dataset,
  query: Float32Array,
  { top, selectivity }: Question,
): Hit[] {
  const hits: Hit[] = [];
  for (let row = 0; row < n; row += 1) {
    if (!passes(row, selectivity)) continue;
    hits.push({ row, cosine: cosine(query, vectors.subarray(row * dim, (row + 1) * dim)) });
  }
  return hits.sort((a, b) => b.cosine - a.cosine || a.row - b.row).slice(0, top);
}

function agrees({ rows, cosines }: Answer, truth: readonly (readonly Hit[])[]): boolean {
  return truth.every((hits, q) =>
    hits.every((hit, i) => rows[q]?.[i] === hit.row && (!cosines || cosines[q]?.[i] === hit.cosine)),
  );
}

/** To a microsecond. */
const medianOf = (values: readonly number[]): number => Number(median(values).toFixed(3));
