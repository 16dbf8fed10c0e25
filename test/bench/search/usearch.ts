import { createRequire } from 'node:module';
import { type Engine, timed } from './engine.ts';

/** What this bench calls of npm's `usearch`, which is no dependency: its install builds native code. */
interface Usearch {
  readonly MetricKind: { readonly IP: number };
  exactSearch(
    dataset: Float32Array,
    queries: Float32Array,
    dimensions: number,
    count: number,
    metric: number,
    threads: number,
  ): { readonly keys: BigUint64Array };
}

/** usearch's exact search, where someone installed it. */
export const usearch: Engine = {
  name: 'usearch',
  describe: async () => {
    find();
    return 'usearch exact search, one thread';
  },
  load: async ({ dim, vectors }) => ({
    answer: async ({ queries, top, selectivity }) => {
      if (selectivity < 1) return undefined;
      const { exactSearch, MetricKind } = find();
      const { result: rows, ...times } = await timed(() =>
        queries.map((query) =>
          Array.from(exactSearch(vectors, query, dim, top, MetricKind.IP, 1).keys, Number),
        ),
      );
      return { ...times, rows };
    },
    close: async () => {},
  }),
};

function find(): Usearch {
  try {
    return createRequire(import.meta.url)('usearch');
  } catch (cause) {
    throw new Error('not installed: npm install --no-save usearch (builds native code, Node 22 or newer)', {
      cause,
    });
  }
}
