import { type Engine, timed } from './engine.ts';

/** usearch's exact search (npm's `usearch`: a binary of its own for Linux and macOS). */
export const usearch: Engine = {
  name: 'usearch',
  describe: async () => {
    await import('usearch');
    return 'usearch exact search, one thread';
  },
  load: async ({ dim, vectors }) => {
    const { exactSearch, MetricKind } = await import('usearch');
    return {
      answer: async ({ queries, top, selectivity }) => {
        if (selectivity < 1) return undefined;
        const { result: rows, ...times } = await timed(() =>
          queries.map((query) =>
            Array.from(
              exactSearch(vectors, query, dim, top, MetricKind.IP, 1).keys as BigUint64Array,
              Number,
            ),
          ),
        );
        return { ...times, rows };
      },
      close: async () => {},
    };
  },
};
