import { contours } from '@openfrs/vision/pipeline';

/** x, y in halves of a view's side from its middle. */
export type Point = readonly [number, number];

/** 468 landmarks over the face, the outline's around it. */
export const places: readonly Point[] = (() => {
  const spiral = Array.from({ length: 468 }, (_, i): Point => {
    const radius = 0.78 * Math.sqrt(i / 468);
    return [radius * Math.cos(2.4 * i), radius * Math.sin(2.4 * i)];
  });
  for (const [i, index] of contours.face[0].entries()) {
    const angle = (2 * Math.PI * i) / contours.face[0].length;
    spiral[index] = [0.8 * Math.sin(angle), -0.8 * Math.cos(angle)];
  }
  return spiral;
})();
