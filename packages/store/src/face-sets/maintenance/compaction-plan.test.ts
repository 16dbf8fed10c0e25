import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SegmentEntry } from '../records/manifest.ts';
import { planSegments } from './compaction-plan.ts';

const entry = (from: number, to: number, rows = to - from): SegmentEntry => ({
  key: `${from}-${to}`,
  from,
  to,
  rows,
  bytes: rows * 100,
  coldReadBytes: rows * 20,
});
const none = new Set<string>();
const show = (plan: ReturnType<typeof planSegments>) =>
  plan.map((piece) => (piece.keep ? `keep ${piece.keep.key}` : `write ${piece.from}-${piece.to}`));

describe('the plan of a compaction', () => {
  it('leaves a short tail and clean segments alone', () => {
    expect(show(planSegments([entry(0, 100)], 105, [], none, 10, 1000))).toEqual(['keep 0-100']);
    expect(show(planSegments([], 5, [], none, 10, 1000))).toEqual([]);
  });

  it('takes a long tail into a segment, together with neighbours of its size, not with much larger ones', () => {
    expect(show(planSegments([entry(0, 500)], 520, [], none, 10, 1000))).toEqual([
      'keep 0-500',
      'write 500-520',
    ]);
    expect(show(planSegments([entry(0, 500), entry(500, 520)], 540, [], none, 10, 1000))).toEqual([
      'keep 0-500',
      'write 500-540',
    ]);
  });

  it('writes segments with changed faces and lost ones anew', () => {
    const segments = [entry(0, 1000), entry(1000, 2000), entry(2000, 3000)];
    expect(show(planSegments(segments, 3000, [1500], new Set(['2000-3000']), 10, 1000))).toEqual([
      'keep 0-1000',
      'write 1000-2000',
      'write 2000-3000',
    ]);
  });

  it('covers all numbers once, in order, in pieces of limited size, and keeps nothing that changed', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.nat({ max: 300 }), fc.array(fc.nat({ max: 400 })), (lengths, tail, changed) => {
        const segments: SegmentEntry[] = [];
        for (const length of lengths) {
          const from = segments.at(-1)?.to ?? 0;
          segments.push(entry(from, from + length));
        }
        const end = (segments.at(-1)?.to ?? 0) + tail;
        const plan = planSegments(segments, end, changed, none, 1, 50);
        let at = 0;
        for (const piece of plan) {
          const { from, to } = piece.keep ?? piece;
          expect(from).toBe(at);
          expect(to - from).toBeLessThanOrEqual(50);
          if (piece.keep) expect(changed.some((number) => number >= from && number < to)).toBe(false);
          at = to;
        }
        expect(at).toBe(end);
      }),
    );
  });

  it('writes each face a few times only while a set grows to its full size', () => {
    let segments: SegmentEntry[] = [];
    let written = 0;
    for (let end = 100; end <= 100_000; end += 100) {
      segments = planSegments(segments, end, [], none, 100, 65_536).map((piece) => {
        if (piece.keep) return piece.keep;
        written += piece.to - piece.from;
        return entry(piece.from, piece.to);
      });
    }
    expect(written / 100_000).toBeLessThan(12);
    expect(segments.length).toBeLessThan(15);
  });
});
