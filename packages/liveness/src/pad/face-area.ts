import { contours } from '@openfrs/vision/pipeline';
import { viewSide } from '../tracking/face-view.ts';
import { grown, type Polygon, spansOf } from './polygon.ts';

/** The outline is shrunk by this: hair and what lies behind the face move on their own. */
const kept = 0.78;
/** By how much the lips' outline is grown where mouths are left out. */
const aroundLips = 1.35;

/**
 * 1 for the pixels of a view that are well within the face, 0 elsewhere, by landmarks in pixels (x, y pairs);
 * `withoutMouth` leaves the lips and what is near them out.
 */
export function faceArea(points: Float32Array, withoutMouth: boolean): Uint8Array {
  const area = new Uint8Array(viewSide * viewSide);
  fill(area, grown(ringOf(points, contours.face[0]), kept), 1);
  if (withoutMouth) fill(area, grown(ringOf(points, contours.mouth[0]), aroundLips), 0);
  return area;
}

const ringOf = (points: Float32Array, ring: readonly number[]): Polygon =>
  ring.map((i) => [points[2 * i] as number, points[2 * i + 1] as number]);

function fill(area: Uint8Array, polygon: Polygon, value: 0 | 1): void {
  for (const { y, from, to } of spansOf(polygon, viewSide, viewSide))
    area.fill(value, y * viewSide + from, y * viewSide + to + 1);
}
