import { type FaceView, toPixel } from '../tracking/face-view.ts';

type Corner = readonly [x: number, y: number];
export type Polygon = readonly Corner[];

/** A polygon grown about its middle, or shrunk. */
export function grown(polygon: Polygon, by: number): Polygon {
  const middle = (axis: 0 | 1) => polygon.reduce((sum, corner) => sum + corner[axis], 0) / polygon.length;
  const [x0, y0] = [middle(0), middle(1)];
  return polygon.map(([x, y]) => [x0 + by * (x - x0), y0 + by * (y - y0)]);
}

/** The pixels within a polygon, row by row between its edges (even-odd rule): from the first to the last, both of them in it. */
export function spansOf(
  polygon: Polygon,
  width: number,
  height: number,
): { readonly y: number; readonly from: number; readonly to: number }[] {
  const spans = [];
  for (let y = 0; y < height; y++) {
    const crossings: number[] = [];
    for (let i = 0, before = polygon.at(-1); i < polygon.length; i++) {
      const [x1, y1] = before as Corner;
      const corner = polygon[i] as Corner;
      const [x2, y2] = corner;
      if (y2 > y !== y1 > y) crossings.push(((x1 - x2) * (y - y2)) / (y1 - y2) + x2);
      before = corner;
    }
    if (crossings.length > 0) crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] as number));
      const to = Math.min(width - 1, Math.floor(crossings[i + 1] as number));
      if (from <= to) spans.push({ y, from, to });
    }
  }
  return spans;
}

/** A ring of landmarks in pixels of the view at this many a side. */
export const ringOf = ({ points }: FaceView, ring: readonly number[], side: number): Polygon =>
  ring.map((i) => [toPixel(points[2 * i] ?? 0, side), toPixel(points[2 * i + 1] ?? 0, side)]);
