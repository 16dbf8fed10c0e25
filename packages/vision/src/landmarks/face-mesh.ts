import type { ModelOf } from '@openfrs/models';
import { runModel } from '../architectures/index.ts';
import { cropFaces, cropSpecOf, type SquareRegion, squareAround } from '../crops/crop-faces.ts';
import type { FaceAngle, FaceMesh, Frame, Rect } from '../geometry/frame.ts';
import type { Sessions } from '../runtime/sessions.ts';
import { meshBounds } from './mesh-bounds.ts';
import { settleMeshes } from './roll-search.ts';
import type { UprightView } from './upright-check.ts';

export interface MeshOptions {
  /** Two passes, whatever they find, for video frames; default false. */
  readonly quick?: boolean;
  /** A detector's view of the frame, by which meshes of turned faces are checked; default: they are not. */
  readonly view?: UprightView;
}

const pointCount = 468;
/** Crops in one run: bounds the memory of pictures with hundreds of faces. */
const batch = 16;

/**
 * Dense landmarks of faces (MediaPipe FaceMesh). Two passes: the second looks at the face upright and centred, by the
 * first's landmarks. Faces that lie slantwise or beside their box, which two passes don't bring upright and into place, get more.
 */
export async function detectMeshes(
  sessions: Sessions,
  model: ModelOf<'mesh'>,
  frame: Frame,
  faces: readonly (Rect & { readonly angle?: FaceAngle })[],
  { quick = false, view }: MeshOptions = {},
): Promise<FaceMesh[]> {
  const pass = (regions: readonly SquareRegion[]) => meshesIn(sessions, model, frame, regions);
  const squares = faces.map(squareAround);
  const first = await pass(squares);
  const second = await pass(first.map(meshBounds));
  return quick ? second : settleMeshes(pass, squares, first, second, view);
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
