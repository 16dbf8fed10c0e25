import { describe, expect, it } from 'vitest';
import { bruteForce, faceRow, randomFrom, randomVector, specOf } from '../test/support.ts';
import { createIndex, encodeSegment, openSegment, readSegmentPlan, segmentHeaderBytes } from './index.ts';
import type { FaceRow, IndexSpec, Segment } from './types.ts';

function segmentOf(spec: IndexSpec, rows: readonly FaceRow[]): Segment {
  const file = encodeSegment(spec, rows);
  const segment = openSegment(readSegmentPlan(file.subarray(0, segmentHeaderBytes)));
  segment.write(0, file);
  for (const part of ['codes', 'columns', 'vectors'] as const) segment.finish(part);
  return segment;
}

describe.each([64, 100, 192, 512])('search of %i dimensions', (dimension) => {
  const random = randomFrom(dimension);
  const spec = specOf(dimension);
  const rows = Array.from({ length: 5000 }, (_, i) => faceRow(i * 2, randomVector(dimension, random)));

  it.each([1, 10, 1000, 9999])(
    'answers the top %i as brute force does, from segments and tail',
    async (topN) => {
      const index = createIndex(spec);
      index.attach(segmentOf(spec, rows.slice(0, 3000)));
      index.attach(segmentOf(spec, rows.slice(3000, 3301)));
      index.append(rows.slice(3301));
      for (let q = 0; q < 5; q += 1) {
        const vector = q === 0 ? rows[77]!.vector : randomVector(dimension, random);
        const hits = await index.search({ vector, topN, minCosine: -1 });
        expect(hits).toEqual(bruteForce(rows, vector, { topN, minCosine: -1 }));
      }
    },
  );
});
