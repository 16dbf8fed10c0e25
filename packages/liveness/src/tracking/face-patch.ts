import {
  brightness,
  cropFaces,
  type FaceMesh,
  type Frame,
  luma,
  type Rect,
  sharpness,
} from '@openfrs/vision/pipeline';
import type { FaceSignals } from './signals.ts';

const spec = { kind: 'square', scale: 1, side: 96 } as const;

/** Sharpness and brightness of the upright face (quality/measures.ts says in what units). */
export async function facePatch(
  frame: Frame,
  { centreX, centreY, size, roll }: FaceSignals,
): Promise<{ sharpness: number; brightness: number }> {
  const { crops } = await cropFaces(frame, [{ centreX, centreY, size, degrees: roll }], spec);
  const grey = luma(crops);
  return { sharpness: sharpness(grey, spec.side, spec.side), brightness: brightness(grey) };
}

/** Around all landmarks: from the top of the forehead to the chin. */
export function boxOf(mesh: FaceMesh): Rect {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < mesh.points.length; at += 3) {
    left = Math.min(left, mesh.points[at] ?? left);
    right = Math.max(right, mesh.points[at] ?? right);
    top = Math.min(top, mesh.points[at + 1] ?? top);
    bottom = Math.max(bottom, mesh.points[at + 1] ?? bottom);
  }
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}
