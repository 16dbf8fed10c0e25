import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture, type FaceBox, type FaceEngine, headPose } from '@openfrs/vision';

export interface PoseResult {
  readonly pictures: number;
  /** Mean absolute error of the roll, degrees, of one face turned by known angles. */
  readonly roll: number;
}

/** The one pose whose truth is known to a degree: a photo and itself turned by 15, 30 and 45 degrees. */
export async function measureRoll(engine: FaceEngine, folder: string): Promise<PoseResult> {
  const roll = async (name: string) => {
    const frame = await decodePicture(await readFile(join(folder, name)));
    const [box] = await engine.detectFaces(frame);
    return headPose(await engine.faceMesh(frame, box as FaceBox)).roll;
  };
  const neutral = await roll('_t.jpg');
  const angles = [15, 30, 45];
  let error = 0;
  for (const angle of angles) error += Math.abs((await roll(`tilt_${angle}.jpg`)) - neutral - angle);
  return { pictures: angles.length, roll: error / angles.length };
}
