import { sampleInto } from '../crops/sample.ts';
import { newCrops } from '../crops/warp.ts';
import { squareMap } from '../geometry/affine.ts';
import type { FaceAngle, FaceMesh, Frame, Rect } from '../geometry/frame.ts';
import { landmarks } from '../geometry/topology.ts';
import type { FloatTensor, Sessions } from '../runtime/sessions.ts';

const side = 192;
const pointCount = 468;
/** Crops in one run: bounds the memory of pictures with hundreds of faces. */
const batch = 16;

/** A square of the frame, turned clockwise: what the mesh model looks at. */
export interface View {
  readonly centreX: number;
  readonly centreY: number;
  readonly span: number;
  readonly degrees: number;
}

/** How much of the surroundings MediaPipe's mesh wants to see: the box's longer side × 1.5. */
const margin = 1.5;

/**
 * Dense landmarks of faces (MediaPipe FaceMesh: 0..1 pixels, 192², box × 1.5). Two passes: the second looks at
 * the face upright and centred, by the first's landmarks.
 */
export async function detectMeshes(
  sessions: Sessions,
  model: string,
  frame: Frame,
  faces: readonly (Rect & { readonly angle?: FaceAngle })[],
): Promise<FaceMesh[]> {
  const first = await runFaceMesh(sessions, model, frame, faces.map(viewOfBox));
  return runFaceMesh(sessions, model, frame, first.map(viewOfMesh));
}

/** The model's own opinion that an upright face is there, [0, 1]: one pass, the boxes' angles undone. */
export async function facePresence(
  sessions: Sessions,
  model: string,
  frame: Frame,
  faces: readonly (Rect & { readonly angle: FaceAngle })[],
): Promise<number[]> {
  const seen = await runFaceMesh(sessions, model, frame, faces.map(viewOfBox));
  return seen.map(({ presence }) => presence);
}

/** One pass, starting from where the face was in the frame before (video). */
export async function trackMesh(
  sessions: Sessions,
  model: string,
  frame: Frame,
  previous: FaceMesh,
): Promise<FaceMesh> {
  const [mesh] = await runFaceMesh(sessions, model, frame, [viewOfMesh(previous)]);
  return mesh as FaceMesh;
}

function viewOfBox(face: Rect & { readonly angle?: FaceAngle }): View {
  return {
    centreX: face.x + face.width / 2,
    centreY: face.y + face.height / 2,
    span: Math.max(face.width, face.height) * margin,
    degrees: face.angle ?? 0,
  };
}

/** The extent of the landmarks × 1.5: MediaPipe's own rule for the next look. */
function viewOfMesh(mesh: FaceMesh): View {
  const extent = meshBounds(mesh);
  return { ...extent, span: extent.span * margin };
}

/** The square around all landmarks, upright by the line between the eyes. */
export function meshBounds(mesh: FaceMesh): View {
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
    span: Math.max(right - left, bottom - top, 1),
    degrees,
  };
}

/** Degrees by which the line between the outer eye corners is turned clockwise. */
export function rollOf(mesh: FaceMesh): number {
  const { points } = mesh;
  const right = landmarks.rightEyeOuter * 3;
  const left = landmarks.leftEyeOuter * 3;
  const dx = (points[left] as number) - (points[right] as number);
  const dy = (points[left + 1] as number) - (points[right + 1] as number);
  return (Math.atan2(dy, dx) * 180) / Math.PI;
}

async function runFaceMesh(
  sessions: Sessions,
  model: string,
  frame: Frame,
  views: readonly View[],
): Promise<FaceMesh[]> {
  const found: FaceMesh[] = [];
  for (let start = 0; start < views.length; start += batch) {
    const some = views.slice(start, start + batch);
    const crops = newCrops(some.length, side, side);
    const maps = some.map((view) => squareMap(view.centreX, view.centreY, view.span, view.degrees, side));
    await Promise.all(maps.map((map, index) => sampleInto(frame, map, crops, index)));
    const outputs = await sessions.run(model, crops);
    const mesh = (outputs.mesh as FloatTensor).data;
    const flags = (outputs.flag as FloatTensor).data;
    for (const [index, map] of maps.entries()) {
      const points = new Float32Array(pointCount * 3);
      const scale = Math.hypot(map.a, map.c);
      for (let point = 0; point < points.length; point += 3) {
        const raw = index * points.length + point;
        // Crop coordinates have pixel edges at whole numbers; the map's are pixel centres.
        const u = (mesh[raw] as number) - 0.5;
        const v = (mesh[raw + 1] as number) - 0.5;
        points[point] = map.a * u + map.b * v + map.tx + 0.5;
        points[point + 1] = map.c * u + map.d * v + map.ty + 0.5;
        points[point + 2] = (mesh[raw + 2] as number) * scale;
      }
      found.push({ points, presence: flags[index] as number });
    }
  }
  return found;
}
