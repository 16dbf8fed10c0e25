import { describe, expect, it } from 'vitest';
import { type Point, places } from '../testing/landmark-places.ts';
import { type FaceView, toView, viewSide } from '../tracking/face-view.ts';
import { registerDensely } from './dense-registration.ts';
import { greyMismatch } from './registration-residual.ts';

const texture = (x: number, y: number) =>
  128 +
  40 * Math.sin(19 * x + 8 * y) +
  35 * Math.cos(17 * y - 9 * x * y) +
  25 * Math.sin(23 * x - 21 * y + 1);

/** What is at `from(x, y)` of the texture is seen at x, y; landmarks are where `to` takes them. */
const viewOf = (from: (x: number, y: number) => Point, to: (x: number, y: number) => Point): FaceView => ({
  grey: Float32Array.from({ length: viewSide ** 2 }, (_, at) =>
    texture(...from(toView(at % viewSide, viewSide), toView(Math.floor(at / viewSide), viewSide))),
  ),
  points: Float32Array.from(places.flatMap(([x, y]) => to(x, y))),
  depths: new Float32Array(places.length),
});
const still = (x: number, y: number): Point => [x, y];
const rest = viewOf(still, still);
/** Up to three pixels, here and there. */
const swayed = (x: number, y: number): Point => [x + 0.06 * Math.sin(3 * y), y + 0.05 * Math.cos(4 * x)];

/** Without any registration. */
const plainly = (from: FaceView, to: FaceView) =>
  greyMismatch({ ...registerDensely(from, to, false), warped: from.grey });

describe('pixels are brought to where another view has them', () => {
  it('by the landmarks, however far', () => {
    const moved = viewOf(
      (x, y) => [x - 0.15, y + 0.1],
      (x, y) => [x + 0.15, y - 0.1],
    );
    expect(plainly(moved, rest)).toBeGreaterThan(0.5);
    expect(greyMismatch(registerDensely(moved, rest, false))).toBeLessThan(0.01);
    expect(greyMismatch(registerDensely(rest, moved, false))).toBeLessThan(0.01);
  });

  it('by the pixels, where no landmark says so', () => {
    const moved = viewOf(swayed, still);
    expect(plainly(moved, rest)).toBeGreaterThan(0.2);
    expect(greyMismatch(registerDensely(moved, rest, false))).toBeLessThan(0.01);
    expect(greyMismatch(registerDensely(rest, moved, false))).toBeLessThan(0.01);
  });

  it('but another picture stays another', () => {
    const other = { ...rest, grey: rest.grey.toReversed() };
    expect(greyMismatch(registerDensely(other, rest, false))).toBeGreaterThan(0.1);
  });

  it('beside the mouth alone, where it is left out', () => {
    const sum = (area: Uint8Array) => area.reduce((all, one) => all + one, 0);
    const [whole, without] = [false, true].map((mouth) => sum(registerDensely(rest, rest, mouth).area));
    expect(without).toBeLessThan(whole as number);
  });
});
