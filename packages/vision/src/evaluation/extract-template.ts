import { readFile } from 'node:fs/promises';
import { FrsError } from '@openfrs/contract';
import type { FaceBox, Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { sharp } from '../image/native-sharp.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';

/** A person's vectors of one picture: as it would be enrolled, and as it would be searched with. */
export interface TemplatePair {
  readonly enrolled: Float32Array;
  readonly probe: Float32Array;
}

/**
 * The person a labelled picture is of: large and in the middle (area minus twice the squared distance). Undefined where no
 * face is found, or the file is no picture.
 */
export async function extractTemplate(
  pipeline: FacePipeline,
  file: string,
): Promise<TemplatePair | undefined> {
  const frame = await readPicture(file);
  if (frame === undefined) return undefined;
  const weight = (box: FaceBox) =>
    box.width * box.height -
    2 * ((box.x + box.width / 2 - frame.width / 2) ** 2 + (box.y + box.height / 2 - frame.height / 2) ** 2);
  const [person] = (await pipeline.detectFaces(frame)).sort((a, b) => weight(b) - weight(a));
  if (person === undefined) return undefined;
  const meshes = [await pipeline.faceMesh(frame, person)];
  const [enrolled] = await pipeline.embed(frame, meshes, true);
  const [probe] = await pipeline.embed(frame, meshes, false);
  return { enrolled: enrolled as Float32Array, probe: probe as Float32Array };
}

/** Pictures smaller than the contract allows (ORL's) are enlarged; undefined where one can't be read. */
async function readPicture(file: string): Promise<Frame | undefined> {
  const bytes = await readFile(file);
  try {
    return await decodePicture(bytes);
  } catch (error) {
    if (!(error instanceof FrsError) || error.code !== 'FRS.0013') return undefined;
    return decodePicture(
      await sharp(bytes).resize({ width: 160, height: 160, fit: 'outside' }).png().toBuffer(),
    );
  }
}
