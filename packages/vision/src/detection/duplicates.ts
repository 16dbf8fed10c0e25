import type { FaceAngle, Frame, Rect } from '../geometry/frame.ts';
import { intersectionOverMin, iou } from './nms.ts';

/** Where the landmarks of each box's face lie: the square around them. */
export type LandmarkBounds = (
  frame: Frame,
  boxes: readonly (Rect & { readonly angle: FaceAngle })[],
) => Promise<Rect[]>;

/** Share of the smaller box that another covers from which both may show one face: neighbours in crowds rarely cover so much. */
const suspicious = 0.4;
/** IoU of the landmarks' squares from which they are one face's. */
const sameLandmarks = 0.5;

/**
 * Without boxes that show another's face: in a close-up, the brow with the hair convinces as well as the face. Of two boxes whose
 * landmarks fall together the one that fits them better stays.
 */
export async function withoutDuplicates<Box extends Rect & { readonly angle: FaceAngle }>(
  frame: Frame,
  boxes: readonly Box[],
  landmarkBounds: LandmarkBounds,
): Promise<readonly Box[]> {
  const pairs = boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => intersectionOverMin(a, b) >= suspicious)
      .map((b) => [a, b] as const),
  );
  if (pairs.length === 0) return boxes;
  const asked = [...new Set(pairs.flat())];
  const found = await landmarkBounds(frame, asked);
  const landmarksOf = (box: Box) => found[asked.indexOf(box)] as Rect;
  const dropped = new Set<Box>();
  for (const [a, b] of pairs) {
    if (dropped.has(a) || dropped.has(b) || iou(landmarksOf(a), landmarksOf(b)) < sameLandmarks) continue;
    dropped.add(iou(a, landmarksOf(a)) >= iou(b, landmarksOf(b)) ? b : a);
  }
  return boxes.filter((box) => !dropped.has(box));
}
