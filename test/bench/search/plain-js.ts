import type { Dataset } from './data.ts';
import { type Engine, passes, type Question, timed } from './engine.ts';

/** What anyone would write first: inner products over a Float32Array, the best k kept sorted. */
export const plainJs: Engine = {
  name: 'js',
  describe: async () => 'plain JavaScript over a Float32Array',
  load: async (data) => ({
    answer: async (question) => {
      const { result: rows, ...times } = await timed(() =>
        question.queries.map((query) => searchOne(data, query, question)),
      );
      return { ...times, rows };
    },
    close: async () => {},
  }),
};

function searchOne(
  { n, dim, vectors }: Dataset,
  query: Float32Array,
  { top, selectivity }: Question,
): number[] {
  const kept: { row: number; score: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < n; row += 1) {
    if (selectivity < 1 && !passes(row, selectivity)) continue;
    const score = innerProduct(query, vectors, row * dim);
    if (kept.length === top && score <= least) continue;
    let place = kept.length;
    while (place > 0 && kept[place - 1]!.score < score) place -= 1;
    kept.splice(place, 0, { row, score });
    if (kept.length > top) kept.pop();
    least = kept.at(-1)!.score;
  }
  return kept.map((hit) => hit.row);
}

function innerProduct(query: Float32Array, vectors: Float32Array, start: number): number {
  let score = 0;
  for (let i = 0; i < query.length; i += 1) score += query[i]! * vectors[start + i]!;
  return score;
}
