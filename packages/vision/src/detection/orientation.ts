import type { FaceAngle, Frame, Rect } from '../geometry/frame.ts';

/** The mesh model's score that an upright face is there, each box cropped turned by its angle; [0, 1]. */
export type FacePresence = (
  frame: Frame,
  boxes: readonly (Rect & { readonly angle: FaceAngle })[],
) => Promise<number[]>;

/** Presence from which the mesh model sees a face. */
const convinced = 0.5;

/** Presence that no sideways face has reached when cropped as an upright one (1 in 624); an upside-down one may. */
const beyondDoubt = 0.995;

const angles: readonly FaceAngle[] = [0, 90, 180, 270];

/**
 * Which way up a face is. Detectors answer sideways and upside-down faces too; the mesh model was trained on upright
 * ones only, and says so; undefined where it is convinced of no side.
 */
export async function orientation(
  frame: Frame,
  box: Rect,
  presence: FacePresence,
): Promise<FaceAngle | undefined> {
  const [upright = 0, upsideDown = 0] = await presence(frame, views(box, [0, 180]));
  if (upright >= beyondDoubt && upright > upsideDown) return 0;
  const [right = 0, left = 0] = await presence(frame, views(box, [90, 270]));
  const seen = [upright, right, upsideDown, left];
  const best = Math.max(...seen);
  return best < convinced ? undefined : angles[seen.indexOf(best)];
}

function views({ x, y, width, height }: Rect, turns: readonly FaceAngle[]) {
  return turns.map((angle) => ({ x, y, width, height, angle }));
}
