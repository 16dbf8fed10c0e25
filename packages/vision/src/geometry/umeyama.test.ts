import type { Point } from '@openfrs/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arcfaceTemplate } from '../crops/alignment.ts';
import type { Affine } from './affine.ts';
import { invert, squareMap, stride } from './affine.ts';
import { similarityTransform } from './umeyama.ts';

const apply = (map: Affine, { x, y }: Point): Point => ({
  x: map.a * x + map.b * y + map.tx,
  y: map.c * x + map.d * y + map.ty,
});

const similarity = fc.record({
  degrees: fc.double({ min: -180, max: 180, noNaN: true }),
  scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
  x: fc.double({ min: -2000, max: 2000, noNaN: true }),
  y: fc.double({ min: -2000, max: 2000, noNaN: true }),
});

function mapOf({ degrees, scale, x, y }: { degrees: number; scale: number; x: number; y: number }): Affine {
  const angle = (degrees * Math.PI) / 180;
  const a = scale * Math.cos(angle);
  const c = scale * Math.sin(angle);
  return { a, b: -c, tx: x, c, d: a, ty: y };
}

/** Umeyama's published form (equations 34–43): SVD of the 2 × 2 covariance, by way of its closed-form angles. */
function bySvd(from: readonly Point[], to: readonly Point[]): Affine {
  const n = from.length;
  const mean = (points: readonly Point[]) => ({
    x: points.reduce((sum, p) => sum + p.x, 0) / n,
    y: points.reduce((sum, p) => sum + p.y, 0) / n,
  });
  const [mf, mt] = [mean(from), mean(to)];
  const covariance = [0, 0, 0, 0] as [number, number, number, number];
  let variance = 0;
  from.forEach((p, i) => {
    const q = to[i] as Point;
    covariance[0] += ((q.x - mt.x) * (p.x - mf.x)) / n;
    covariance[1] += ((q.x - mt.x) * (p.y - mf.y)) / n;
    covariance[2] += ((q.y - mt.y) * (p.x - mf.x)) / n;
    covariance[3] += ((q.y - mt.y) * (p.y - mf.y)) / n;
    variance += ((p.x - mf.x) ** 2 + (p.y - mf.y) ** 2) / n;
  });
  const [a, b, c, d] = covariance;
  // A = U·D·Vᵀ with U and V rotations by φ and ψ: φ − ψ and the singular values follow from sums and differences.
  const turn = Math.atan2(c - b, a + d);
  const sum = Math.hypot(a + d, c - b);
  const difference = Math.hypot(a - d, b + c);
  const singular = [(sum + difference) / 2, Math.abs(sum - difference) / 2];
  const sign = a * d - b * c < 0 ? -1 : 1;
  const scale = ((singular[0] as number) + sign * (singular[1] as number)) / variance;
  const cos = scale * Math.cos(turn);
  const sin = scale * Math.sin(turn);
  return {
    a: cos,
    b: -sin,
    tx: mt.x - (cos * mf.x - sin * mf.y),
    c: sin,
    d: cos,
    ty: mt.y - (sin * mf.x + cos * mf.y),
  };
}

describe('the similarity transform', () => {
  it('finds again the transform that moved the template', () => {
    fc.assert(
      fc.property(similarity, (parameters) => {
        const truth = mapOf(parameters);
        const found = similarityTransform(
          arcfaceTemplate,
          arcfaceTemplate.map((p) => apply(truth, p)),
        );
        for (const key of ['a', 'b', 'c', 'd'] as const) expect(found[key]).toBeCloseTo(truth[key], 6);
        expect(found.tx).toBeCloseTo(truth.tx, 4);
        expect(found.ty).toBeCloseTo(truth.ty, 4);
      }),
    );
  });

  it('is Umeyama’s solution where the points don’t fit exactly', () => {
    const noise = fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(similarity, noise, (parameters, moves) => {
        const truth = mapOf({ ...parameters, scale: Math.max(parameters.scale, 0.5) });
        const to = arcfaceTemplate.map((p, i) => {
          const { x, y } = apply(truth, p);
          return { x: x + (moves[2 * i] as number), y: y + (moves[2 * i + 1] as number) };
        });
        const found = similarityTransform(arcfaceTemplate, to);
        const golden = bySvd(arcfaceTemplate, to);
        for (const key of ['a', 'b', 'c', 'd'] as const) expect(found[key]).toBeCloseTo(golden[key], 6);
        expect(found.tx).toBeCloseTo(golden.tx, 3);
        expect(found.ty).toBeCloseTo(golden.ty, 3);
      }),
    );
  });

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(similarity, (parameters) => {
        const map = mapOf(parameters);
        const back = apply(invert(map), apply(map, { x: 17, y: -3 }));
        expect(back.x).toBeCloseTo(17, 5);
        expect(back.y).toBeCloseTo(-3, 5);
      }),
    );
  });
});

describe('the map of a square', () => {
  it('puts the middle of the crop on the centre, and its corners around it', () => {
    const map = squareMap(50, 40, 20, 0, 10);
    expect(stride(map)).toBeCloseTo(2);
    // Crop pixel 0 covers 40..42 of the frame: its centre is 41, and sampling counts from pixel centres.
    expect(apply(map, { x: 0, y: 0 })).toEqual({ x: 40.5, y: 30.5 });
    expect(apply(map, { x: 9, y: 9 })).toEqual({ x: 58.5, y: 48.5 });
  });

  it('turned by 90° looks at a face that lies clockwise', () => {
    const map = squareMap(50, 40, 20, 90, 10);
    const right = apply(map, { x: 9, y: 4.5 });
    // To the right in the upright crop is down in the picture.
    expect(right.x).toBeCloseTo(49.5);
    expect(right.y).toBeCloseTo(48.5);
  });
});
