import { sampleInto } from '../crops/sample.ts';
import { newCrops } from '../crops/warp.ts';
import { squareMap } from '../geometry/affine.ts';
import type { FaceMesh, Frame } from '../geometry/frame.ts';
import { meshBounds } from '../landmarks/face-mesh.ts';
import type { Pixels } from '../runtime/sessions.ts';

/** The face upright in a square crop: the mesh's extent times `zoom`. */
export async function uprightCrop(frame: Frame, mesh: FaceMesh, side: number, zoom: number): Promise<Pixels> {
  const { centreX, centreY, span, degrees } = meshBounds(mesh);
  const crop = newCrops(1, side, side);
  await sampleInto(frame, squareMap(centreX, centreY, span * zoom, degrees, side), crop, 0);
  return crop;
}
