import { describe, expect, it } from 'vitest';
import { bentPicture, type Picture, texture, viewOfPicture } from '../testing/synthetic-views.ts';
import { toView, viewSide } from '../tracking/face-view.ts';
import { crossFadeResidual, type PlacedView } from './cross-fade.ts';

const place = { centreX: 320, centreY: 240, size: 150, roll: 0 };
const seenAs = (picture: Picture, seed: number, signals = place): PlacedView => ({
  view: viewOfPicture(picture, seed),
  signals,
});
/** The turned face, as another photo has it: elsewhere, with other folds. */
const turned: Picture = (x, y) =>
  bentPicture(texture, 25)(x, y) + 12 * Math.sin(17 * x + 23 * y + 3 * Math.sin(9 * x * y));
const sum =
  (share: number): Picture =>
  (x, y) =>
    (1 - share) * texture(x, y) + share * turned(x, y);
/** A picture a little elsewhere, as a hand shakes: parts of the view. */
const shaken =
  (picture: Picture, right: number, down: number): Picture =>
  (x, y) =>
    picture(x - right, y - down);
const pixel = toView(1, viewSide) - toView(0, viewSide);

const [rest, peak] = [seenAs(texture, 1), seenAs(turned, 2)];
const residual = (between: readonly PlacedView[]) => crossFadeResidual(rest, between, peak);

describe('what a sum of two frames leaves of a frame between them', () => {
  it('is a camera’s grain of a cross-fade, also where the hand shakes', () => {
    expect(residual([seenAs(sum(0.5), 3)])).toBeLessThan(0.03);
    expect(residual([seenAs(shaken(sum(0.4), 1.5 * pixel, -pixel), 4)])).toBeLessThan(0.06);
  });

  it('is the same where landmarks see the face elsewhere in the frame: frames are compared by place', () => {
    const [right, scale] = [6, 1.1];
    const signals = { ...place, centreX: place.centreX + right, size: scale * place.size };
    const within = (x: number) => scale * x + right / (0.55 * place.size);
    const moved: Picture = (x, y) => sum(0.5)(within(x), scale * y);
    expect(residual([seenAs(moved, 5, signals)])).toBeLessThan(0.06);
  });

  it('is most of what one of them leaves where a head is seen on its way', () => {
    expect(
      residual([0.3, 0.5, 0.7].map((part, i) => seenAs(bentPicture(texture, 25 * part), 6 + i))),
    ).toBeGreaterThan(0.25);
  });

  it('is of the frame that is explained best', () => {
    const head = seenAs(bentPicture(texture, 12), 9);
    expect(residual([head, seenAs(sum(0.5), 10), head])).toBeLessThan(0.03);
  });

  it('is all where no frame is a sum, lies between, or shows what both show', () => {
    expect(residual([seenAs(texture, 11), seenAs(turned, 12)])).toBe(1);
    expect(residual([])).toBe(1);
    expect(residual([seenAs(sum(0.5), 13, { ...place, centreX: 900 })])).toBe(1);
  });
});
