import type { Action } from '@openfrs/core';
import { contours, type Frame } from '@openfrs/vision/pipeline';
import { type Expression, expressed, handles, type Points, withEdges } from './landmark-warp.ts';
import { actionSeconds, idling, performed, together } from './motions.ts';
import { blended, maskOf, retouched, ringOf, warped } from './pictures.ts';
import { thinPlateMap } from './thin-plate-spline.ts';

/** A photo and its face's landmarks in its pixels. */
export interface Portrait {
  readonly name: string;
  readonly person: string;
  readonly frame: Frame;
  readonly points: Points;
}

export interface WarpOptions {
  /** Only what lies within the face's outline moves. */
  readonly inside?: boolean;
  readonly teeth?: boolean;
  /** Sway, blinks and landmarks that drift by .6 % of the face. */
  readonly idle?: boolean;
  /** Light that follows the turn. */
  readonly relit?: boolean;
}

/** Of what is drawn, not filmed: as many as most webcams give in a dim room. */
export const drawnPerSecond = 15;
export const timesOf = (seconds: number) =>
  Array.from({ length: Math.round(seconds * drawnPerSecond) }, (_, i) => i / drawnPerSecond);

/** One photo warped by its landmarks so that it seems to do what is asked for. */
export function* animated(
  portrait: Portrait,
  actions: readonly Action[],
  options: WarpOptions = {},
): Generator<Frame> {
  const act = performed(actions);
  for (const time of timesOf(actions.length * actionSeconds + 0.4)) {
    const expression = options.idle ? together(act(time), idling(time)) : act(time);
    yield pose(portrait, expression, time, options);
  }
}

/** The photo with its landmarks moved. */
function pose(
  { frame, points }: Portrait,
  expression: Expression,
  time: number,
  { inside, teeth, idle, relit }: WarpOptions,
): Frame {
  const to = expressed(points, expression);
  if (idle) drift(to, points, time);
  const { width, height } = frame;
  const map = thinPlateMap(withEdges(points, width, height), withEdges(to, width, height), width, height);
  let picture = warped(frame, map);
  if (inside) {
    const mask = maskOf(ringOf(to, contours.face[0]), width, height);
    picture = blended(frame, picture, (at) => mask[at] as number);
  }
  if ((expression.mouth ?? 0) > 0.05) picture = withOpenMouth(picture, to, teeth ?? false);
  if (relit) {
    const slope = (0.9 * (expression.yaw ?? 0)) / 27;
    const middle = to[3] as number;
    picture = retouched(picture, (old, x) => old * (1 + (slope * (x - middle)) / width));
  }
  return picture;
}

function drift(to: Points, from: Points, time: number): void {
  const size = Math.hypot((from[3 * 454] as number) - (from[3 * 234] as number), 1);
  for (const i of handles) {
    const phase = Math.floor(i / 24);
    to[3 * i] = (to[3 * i] as number) + 0.006 * size * Math.sin(1.9 * time + 2.4 * phase);
    to[3 * i + 1] = (to[3 * i + 1] as number) + 0.006 * size * Math.sin(2.3 * time + 1.7 * phase);
  }
}

/** A dark cavity between the inner lips, with a row of teeth if wanted. */
function withOpenMouth(picture: Frame, points: Points, teeth: boolean): Frame {
  const ring = ringOf(points, contours.mouth[1]);
  const mask = maskOf(ring, picture.width, picture.height, 1);
  const top = Math.min(...ring.map(([, y]) => y));
  const bottom = Math.max(...ring.map(([, y]) => y));
  return retouched(picture, (old, x, y, channel) => {
    const share = mask[y * picture.width + x] as number;
    if (share === 0) return old;
    const depth = (y - top) / Math.max(1, bottom - top);
    const painted = teeth && depth < 0.36 ? [205, 196, 184][channel] : [58 - 25 * depth, 24, 24][channel];
    return old * (1 - share) + (painted ?? old) * share;
  });
}
