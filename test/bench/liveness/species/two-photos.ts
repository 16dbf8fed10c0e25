import type { Frame } from '@openfrs/vision/pipeline';
import { expressed, type Points, withEdges } from './landmark-warp.ts';
import { bell, performed } from './motions.ts';
import { type Portrait, timesOf } from './one-photo.ts';
import { blended, warped } from './pictures.ts';
import { thinPlateMap } from './thin-plate-spline.ts';

/** Two pictures of one person of one size, at rest and doing what is asked. */
export interface Couple {
  readonly rest: Portrait;
  readonly peak: Portrait;
}

/** 0 while the first picture is shown, 1 while the second is; `fade` seconds between. */
const shown = (fade: number) => (time: number) =>
  Math.max(
    0,
    Math.min(
      1,
      fade === 0
        ? time > 0.9 && time < 1.9
          ? 1
          : 0
        : Math.min((time - 0.9 + fade / 2) / fade, (1.9 + fade / 2 - time) / fade),
    ),
  );

const seconds = 3;

/** One picture exchanged for the other at once (`fade` 0) or cross-faded within so many seconds. */
export function* exchanged({ rest, peak }: Couple, fade: number): Generator<Frame> {
  const share = shown(fade);
  for (const time of timesOf(seconds)) {
    const s = share(time);
    yield s === 0 ? rest.frame : s === 1 ? peak.frame : blended(rest.frame, peak.frame, () => s);
  }
}

const between = (a: Points, b: Points, share: number): Points =>
  a.map((value, i) => value * (1 - share) + (b[i] as number) * share);

/** Both warped to landmarks in between, and cross-faded. */
function morphed(a: Portrait, b: Portrait, share: number, to = between(a.points, b.points, share)): Frame {
  const { width, height } = a.frame;
  const target = withEdges(to, width, height);
  const [first, second] = [a, b].map(({ frame, points }) =>
    warped(frame, thinPlateMap(withEdges(points, width, height), target, width, height)),
  ) as [Frame, Frame];
  return blended(first, second, () => share);
}

/** A morph there and back. */
export function* morph({ rest, peak }: Couple): Generator<Frame> {
  for (const time of timesOf(seconds)) yield morphed(rest, peak, bell(time, 0.8, 2));
}

/** Rest wanders between two photos while landmarks make the turn. */
export function* severalRests({ rest, peak }: Couple): Generator<Frame> {
  const act = performed([1]);
  for (const time of timesOf(2.6)) {
    const share = 0.5 - 0.5 * Math.cos(2.2 * time);
    yield morphed(rest, peak, share, expressed(between(rest.points, peak.points, share), act(time)));
  }
}
