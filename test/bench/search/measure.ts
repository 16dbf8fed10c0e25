import { cosine } from '@openfrs/search';
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
  /** The rows, their order and (where the engine gives them) the cosines are those of brute force in double precision. */
  readonly exact: boolean;
}

export interface Shape {
  readonly top: number;
  readonly queries: number;
  readonly selectivity: number;
  readonly rounds: number;
}

/** Measures the engines by turns, one question each, so that what else the machine does meets all alike. */
export async function measure(
  data: Dataset,
  engines: ReadonlyMap<string, Loaded>,
  shape: Shape,
): Promise<Case[]> {
  const times = new Map<string, number[]>();
  const exact = new Map<string, boolean>();
  for (let round = 0; round < shape.rounds; round += 1) {
    const first = (round * shape.queries) % (data.queries.length - shape.queries + 1);
    const question = { ...shape, queries: data.queries.slice(first, first + shape.queries) };
    const truth = round < 2 ? question.queries.map((query) => bruteForce(data, query, question)) : undefined;
    for (const [name, engine] of engines) {
      const answer = await engine.answer(question);
      if (!answer) continue;
      // The first rounds warm up.
      if (round >= 2 || shape.rounds <= 2) times.set(name, [...(times.get(name) ?? []), answer.ms]);
      if (truth) exact.set(name, (exact.get(name) ?? true) && agrees(answer, truth));
    }
  }
  const { top, queries, selectivity } = shape;
  return [...times].map(([engine, taken]) => ({
    ...{ engine, data: data.kind, n: data.n, dim: data.dim, top, queries, selectivity },
    ms_median: Number(median(taken).toFixed(3)),
    exact: exact.get(engine) ?? false,
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
