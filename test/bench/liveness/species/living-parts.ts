import { grown } from '@openfrs/liveness/testing';
import { contours, type Frame } from '@openfrs/vision/pipeline';
import { type Points, withEdges } from './landmark-warp.ts';
import type { Portrait } from './one-photo.ts';
import { blended, maskOf, retouched, ringOf, warped } from './pictures.ts';
import { type SourceMap, thinPlateMap } from './thin-plate-spline.ts';

/** A frame of a living person and its landmarks. */
export interface Living {
  readonly frame: Frame;
  readonly points: Points;
}

/** Points of the rigid upper face that a mask is held by. */
const rigid = [33, 133, 263, 362, 168, 6, 4, 234, 454, 10];

/** A paper mask of a photo on a living head, a hole cut out around the mouth. */
export const maskedWithHole = (living: readonly Living[], photo: Portrait): Frame[] =>
  living.map((seen) => covered(seen, photo, seen.points));

/** A photo with a hole for the mouth, held by a hand before a living face: it sways, but not as the head does. */
export function heldBeforeMouth(living: readonly Living[], photo: Portrait): Frame[] {
  const middle = meanOf(living.map(({ points }) => points));
  const size = Math.hypot((middle[3 * 454] as number) - (middle[3 * 234] as number), 1);
  return living.map((seen, at) => {
    const [right, down] = [0.02 * Math.sin(at / 9), 0.015 * Math.sin(at / 7 + 1)].map((sway) => sway * size);
    const held = middle.map((value, i) => value + ([right, down][i % 3] ?? 0));
    return covered(seen, photo, held);
  });
}

function covered({ frame, points }: Living, photo: Portrait, held: Points): Frame {
  const map = similarity(photo.points, held, frame);
  const mask = maskOf(grown(outline(held), 1.06), frame.width, frame.height, 1);
  const hole = maskOf(grown(ringOf(points, contours.mouth[0]), 1.4), frame.width, frame.height, 1);
  const paper = warped(photo.frame, map, frame.width, frame.height);
  return blended(frame, paper, (at) => (mask[at] as number) * (1 - (hole[at] as number)));
}

const meanOf = (all: readonly Points[]): Points =>
  (all[0] ?? new Float32Array()).map(
    (_, i) => all.reduce((sum, points) => sum + (points[i] as number), 0) / all.length,
  );

const outline = (points: Points) => ringOf(points, contours.face[0]);

/** The turn, size and place that take a photo's upper face to the living one's. */
function similarity(from: Points, to: Points, { width, height }: Frame): SourceMap {
  let [a, b, norm] = [0, 0, 0];
  const mean = (points: Points, axis: number) =>
    rigid.reduce((sum, i) => sum + (points[3 * i + axis] as number), 0) / rigid.length;
  const [fx, fy, tx, ty] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)];
  for (const i of rigid) {
    const [x, y] = [(to[3 * i] as number) - tx, (to[3 * i + 1] as number) - ty];
    const [u, v] = [(from[3 * i] as number) - fx, (from[3 * i + 1] as number) - fy];
    a += x * u + y * v;
    b += x * v - y * u;
    norm += x * x + y * y;
  }
  [a, b] = [a / norm, b / norm];
  const map = new Float32Array(width * height * 2);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [(at % width) - tx, Math.floor(at / width) - ty];
    map[2 * at] = fx + a * x - b * y;
    map[2 * at + 1] = fy + b * x + a * y;
  }
  return map;
}

/** The photo's face laid over the living one's by its landmarks, its light matched and its edge softened. */
export function swapped(living: readonly Living[], photo: Portrait): Frame[] {
  return living.map(({ frame, points }) => {
    const { width, height } = frame;
    const map = thinPlateMap(
      withEdges(photo.points, photo.frame.width, photo.frame.height),
      withEdges(points, width, height),
      width,
      height,
    );
    const face = warped(photo.frame, map, width, height);
    const core = maskOf(grown(outline(points), 0.8), width, height);
    const gains = [0, 1, 2].map((c) => meanIn(frame, core, c) / Math.max(1, meanIn(face, core, c)));
    const matched = retouched(face, (old, _x, _y, c) => old * (gains[c] ?? 1));
    const soft = maskOf(grown(outline(points), 0.88), width, height, Math.round(width / 60));
    const mouth = maskOf(ringOf(points, contours.mouth[1]), width, height, 1);
    return blended(frame, matched, (at) => (soft[at] as number) * (1 - (mouth[at] as number)));
  });
}

function meanIn({ data }: Frame, mask: Float32Array, channel: number): number {
  let [sum, count] = [0, 1e-9];
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] !== 1) continue;
    sum += data[3 * at + channel] as number;
    count += 1;
  }
  return sum / count;
}
