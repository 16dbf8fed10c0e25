import { contours } from '@openfrs/vision/pipeline';
import { viewSide } from '../tracking/face-view.ts';

/** The outline is shrunk by this: hair and what lies behind the face move on their own. */
const kept = 0.78;
/** By how much the lips' outline is grown where mouths are left out. */
const aroundLips = 1.35;

type Corner = readonly [number, number];

/**
 * 1 for the pixels of a view that are well within the face, 0 elsewhere, by landmarks in pixels (x, y pairs);
 * `withoutMouth` leaves the lips and what is near them out.
 */
export function faceArea(points: Float32Array, withoutMouth: boolean): Uint8Array {
  const area = new Uint8Array(viewSide * viewSide);
  fill(area, scaled(points, contours.face[0], kept), 1);
  if (withoutMouth) fill(area, scaled(points, contours.mouth[0], aroundLips), 0);
  return area;
}

function scaled(points: Float32Array, ring: readonly number[], by: number): Corner[] {
  const corners = ring.map((i): Corner => [points[2 * i] as number, points[2 * i + 1] as number]);
  const middle = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  const [x0, y0] = [middle(0), middle(1)];
  return corners.map(([x, y]) => [x0 + by * (x - x0), y0 + by * (y - y0)]);
}

/** Sets the pixels within a polygon, row by row between its edges. */
function fill(area: Uint8Array, polygon: readonly Corner[], value: 0 | 1): void {
  for (let y = 0; y < viewSide; y++) {
    const crossings: number[] = [];
    let [x1, y1] = polygon.at(-1) ?? [0, 0];
    for (const [x2, y2] of polygon) {
      if (y2 > y !== y1 > y) crossings.push(((x1 - x2) * (y - y2)) / (y1 - y2) + x2);
      [x1, y1] = [x2, y2];
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] as number));
      const to = Math.min(viewSide - 1, Math.floor(crossings[i + 1] as number));
      if (from <= to) area.fill(value, y * viewSide + from, y * viewSide + to + 1);
    }
  }
}
