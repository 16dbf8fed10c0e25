import type { FaceAngle, Frame, Rect } from '../frame.ts';

/** The mesh model's opinion that an upright face is there, when each box is seen turned by its angle; [0, 1]. */
export type FaceFlags = (
  frame: Frame,
  boxes: readonly (Rect & { readonly angle: FaceAngle })[],
) => Promise<number[]>;

/** Flag from which the mesh model is taken at its word. */
const convinced = 0.5;

const angles: readonly FaceAngle[] = [0, 90, 180, 270];

/**
 * Which way up a face is. Detectors answer sideways and upside-down faces too; the mesh model was trained on upright
 * ones only, and says so; undefined where it is convinced of no side.
 */
export async function orientation(frame: Frame, box: Rect, flags: FaceFlags): Promise<FaceAngle | undefined> {
  const seen = await flags(
    frame,
    angles.map((angle) => ({ x: box.x, y: box.y, width: box.width, height: box.height, angle })),
  );
  const best = Math.max(...seen);
  return best < convinced ? undefined : angles[seen.indexOf(best)];
}
