import type { ModelOf } from '@openfrs/models';
import { runModel } from '../architectures/index.ts';
import { cropFaces, cropSpecOf, type SquareRegion, squareAround } from '../crops/crop-faces.ts';
import type { FaceAngle, FaceMesh, Frame, Rect } from '../geometry/frame.ts';
import { landmarks } from '../geometry/topology.ts';
import type { Sessions } from '../runtime/sessions.ts';

const pointCount = 468;
/** Crops in one run: bounds the memory of pictures with hundreds of faces. */
const batch = 16;

/**
 * Dense landmarks of faces (MediaPipe FaceMesh). Two passes: the second looks at the face upright and centred, by the
 * first's landmarks.
 */
export async function detectMeshes(
  sessions: Sessions,
  model: ModelOf<'mesh'>,
  frame: Frame,
  faces: readonly (Rect & { readonly angle?: FaceAngle })[],
): Promise<FaceMesh[]> {
  const first = await meshesIn(sessions, model, frame, faces.map(squareAround));
  return meshesIn(sessions, model, frame, first.map(meshBounds));
}

/** The model's own score that an upright face is there, [0, 1]: one pass, the boxes' angles undone. */
export async function facePresence(
  sessions: Sessions,
  model: ModelOf<'mesh'>,
  frame: Frame,
  faces: readonly (Rect & { readonly angle: FaceAngle })[],
): Promise<number[]> {
  const meshes = await meshesIn(sessions, model, frame, faces.map(squareAround));
  return meshes.map(({ presence }) => presence);
}

/** One pass, starting from where the face was in the frame before (video). */
export async function trackMesh(
  sessions: Sessions,
  model: ModelOf<'mesh'>,
  frame: Frame,
  previous: FaceMesh,
): Promise<FaceMesh> {
  const [mesh] = await meshesIn(sessions, model, frame, [meshBounds(previous)]);
  return mesh as FaceMesh;
}

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

/** One pass over these regions: crops, the network, and its points back in the frame. */
async function meshesIn(
  sessions: Sessions,
  model: ModelOf<'mesh'>,
  frame: Frame,
  regions: readonly SquareRegion[],
): Promise<FaceMesh[]> {
  const spec = cropSpecOf(model);
  const meshes: FaceMesh[] = [];
  for (let start = 0; start < regions.length; start += batch) {
    const { crops, maps } = await cropFaces(frame, regions.slice(start, start + batch), spec);
    const found = await runModel(sessions, model, crops);
    for (const [index, map] of maps.entries()) {
      const { points: raw, presence } = found[index] as (typeof found)[number];
      const points = new Float32Array(pointCount * 3);
      const scale = Math.hypot(map.a, map.c);
      for (let at = 0; at < points.length; at += 3) {
        // Crop coordinates have pixel edges at whole numbers; the map's are pixel centres.
        const u = (raw[at] as number) - 0.5;
        const v = (raw[at + 1] as number) - 0.5;
        points[at] = map.a * u + map.b * v + map.tx + 0.5;
        points[at + 1] = map.c * u + map.d * v + map.ty + 0.5;
        points[at + 2] = (raw[at + 2] as number) * scale;
      }
      meshes.push({ points, presence });
    }
  }
  return meshes;
}
