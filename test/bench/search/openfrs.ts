import {
  createIndex,
  encodeSegment,
  type FaceRow,
  openSegment,
  readSegmentPlan,
  segmentHeaderBytes,
  segmentMaxRows,
  segmentParts,
} from '@openfrs/search';
import { type Engine, timed } from './engine.ts';

/** The project's own search: segments as they come from a file, one process, one thread. */
export const openfrs: Engine = {
  name: 'openfrs',
  describe: async () => `int8 WASM SIMD scan and float32 rescoring, Node ${process.version}`,
  load: async ({ n, dim, vectors }) => {
    const spec = { dimension: dim, fields: { bucket: 'integer' } } as const;
    const index = createIndex(spec);
    for (let start = 0; start < n; start += segmentMaxRows) {
      const rows = Array.from({ length: Math.min(segmentMaxRows, n - start) }, (_, i): FaceRow => {
        const number = start + i;
        return {
          number,
          faceId: number.toString().padStart(8, '0'),
          box: { topLeftX: 0, topLeftY: 0, width: 1, height: 1 },
          externalImageId: `person${Math.floor(number / 5)}`,
          fields: { bucket: number % 100 },
          vector: vectors.subarray(number * dim, (number + 1) * dim),
        };
      });
      const file = encodeSegment(spec, rows);
      const segment = openSegment(readSegmentPlan(file.subarray(0, segmentHeaderBytes)));
      segment.write(0, file);
      for (const part of segmentParts) segment.finish(part);
      index.attach(segment);
    }
    return {
      answer: async ({ queries, top, selectivity }) => {
        const high = { value: Math.round(100 * selectivity), inclusive: false };
        const filter = { kind: 'range', field: 'bucket', low: undefined, high } as const;
        const options = { topN: top, minCosine: -1, ...(selectivity < 1 && { filter }) };
        const { result: answers, ...times } = await timed(() =>
          index.searchMany({ vectors: queries, ...options }),
        );
        return {
          ...times,
          rows: answers.map((hits) => hits.map((hit) => hit.number)),
          cosines: answers.map((hits) => hits.map((hit) => hit.cosine)),
        };
      },
      close: async () => {},
    };
  },
};
