import type { FaceIndex, FaceRow, Hit, IndexSpec, SearchRequest } from '@openfrs/search';
import { matches } from '../src/records/matches.ts';

/** Stand-in until the search package's index is there: the same interface, rows in a map, brute force. */
export function createPlainIndex(spec: IndexSpec): FaceIndex {
  const rows = new Map<number, FaceRow>();
  const removed = new Set<number>();
  const ids = new Map<string, number>();
  const ordered = () => [...rows.values()].sort((a, b) => a.number - b.number);
  async function search(request: SearchRequest): Promise<Hit[]> {
    const candidates = ordered().filter(
      (row) => request.filter === undefined || matches(request.filter, row),
    );
    return candidates
      .map((row) => ({ number: row.number, cosine: cosine(row.vector, request.vector) }))
      .filter((hit) => hit.cosine >= request.minCosine)
      .sort((a, b) => b.cosine - a.cosine || a.number - b.number)
      .slice(0, request.topN);
  }
  return {
    spec,
    get size() {
      return rows.size;
    },
    get bytes() {
      return rows.size * spec.dimension * 4;
    },
    segments: [],
    get tailSize() {
      return rows.size;
    },
    append(list) {
      for (const row of list) {
        if (rows.has(row.number) || removed.has(row.number)) continue;
        rows.set(row.number, row);
        ids.set(row.faceId, row.number);
      }
    },
    remove(number) {
      removed.add(number);
      return rows.delete(number);
    },
    update(number, change) {
      const row = rows.get(number);
      if (row !== undefined) rows.set(number, { ...row, ...change });
      return row !== undefined;
    },
    attach() {
      throw new Error('Not here.');
    },
    search,
    searchMany: ({ vectors, ...options }) =>
      Promise.all(vectors.map((vector) => search({ ...options, vector }))),
    match: (filter) =>
      ordered()
        .filter((row) => matches(filter, row))
        .map((row) => row.number),
    row: (number) => rows.get(number),
    vector: async (number) => rows.get(number)?.vector.slice(),
    numberOf: (faceId) => ids.get(faceId),
    numbers: () => ordered().map((row) => row.number),
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa) / Math.sqrt(bb);
}
