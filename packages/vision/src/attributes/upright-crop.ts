import { squareMap } from '../align/affine.ts';
import { sampleInto } from '../align/sample.ts';
import { newCrops } from '../align/warp.ts';
import type { FaceMesh, Frame } from '../frame.ts';
import { extentOf } from '../mesh/mesh.ts';
import type { Pixels } from '../sessions/sessions.ts';

/** The face upright in a square crop: the mesh's extent times `zoom`. */
export async function uprightCrop(frame: Frame, mesh: FaceMesh, side: number, zoom: number): Promise<Pixels> {
  const { centreX, centreY, span, degrees } = extentOf(mesh);
  const crop = newCrops(1, side, side);
  await sampleInto(frame, squareMap(centreX, centreY, span * zoom, degrees, side), crop, 0);
  return crop;
}
