import type { SquareRegion } from '../crops/crop-faces.ts';
import type { FaceMesh, Rect } from '../geometry/frame.ts';
import { landmarks } from '../geometry/topology.ts';

/** The square around all landmarks, upright by the line between the eyes. */
export function meshBounds(mesh: FaceMesh): SquareRegion {
  const degrees = rollOf(mesh);
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < mesh.points.length; at += 3) {
    const x = mesh.points[at] as number;
    const y = mesh.points[at + 1] as number;
    const u = cos * x + sin * y;
    const v = cos * y - sin * x;
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  const u = (left + right) / 2;
  const v = (top + bottom) / 2;
  return {
    centreX: cos * u - sin * v,
    centreY: sin * u + cos * v,
    size: Math.max(right - left, bottom - top, 1),
    degrees,
  };
}

/** Degrees by which the line between the outer eye corners is turned clockwise. */
function rollOf(mesh: FaceMesh): number {
  const { points } = mesh;
  const right = landmarks.rightEyeOuter * 3;
  const left = landmarks.leftEyeOuter * 3;
  const dx = (points[left] as number) - (points[right] as number);
  const dy = (points[left + 1] as number) - (points[right + 1] as number);
  return (Math.atan2(dy, dx) * 180) / Math.PI;
}

/** How far two meshes' landmarks lie apart in the picture's plane: their mean distance over the larger face's size. */
export function landmarkShift(a: FaceMesh, b: FaceMesh): number {
  let sum = 0;
  for (let at = 0; at < a.points.length; at += 3) {
    const dx = (a.points[at] as number) - (b.points[at] as number);
    const dy = (a.points[at + 1] as number) - (b.points[at + 1] as number);
    sum += Math.hypot(dx, dy);
  }
  return sum / (a.points.length / 3) / Math.max(meshBounds(a).size, meshBounds(b).size);
}

/** An upright box of the size of `meshBounds`, about the same centre. */
export function boundsRect(mesh: FaceMesh): Rect {
  const { centreX, centreY, size } = meshBounds(mesh);
  return { x: centreX - size / 2, y: centreY - size / 2, width: size, height: size };
}
