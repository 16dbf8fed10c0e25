import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FrsError } from '@openfrs/contract';
import { formOfEmbedder } from '../embedding/embeddings.ts';
import type { FaceBox, Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { sharp } from '../image/native-sharp.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { type DegradationName, degradations, seededRandom } from './degradations.ts';
import { type FaceVector, faceVectorOf } from './templates.ts';
import { noCache, type VectorCache } from './vector-cache.ts';

/**
 * The vectors of the person a labelled picture is of: large and in the middle (area minus twice the squared distance).
 * Undefined where no face is found, or the file is no picture.
 * @param degradation what is done to the picture first; a face must be found before and after it
 */
export async function extractTemplate(
  pipeline: FacePipeline,
  file: string,
  cache?: VectorCache,
  degradation?: DegradationName,
): Promise<FaceVector | undefined> {
  const raw = await extractVector(pipeline, file, cache, degradation);
  return raw && templateOf(pipeline, raw);
}

/** The vector as new sets keep it, and as it is searched with. @param raw as the network gives it, of unit length */
export function templateOf({ embedder }: Pick<FacePipeline, 'embedder'>, raw: Float32Array): FaceVector {
  return faceVectorOf(formOfEmbedder(embedder), raw);
}

/** The same person's vector as the network gives it, of unit length. */
export async function extractVector(
  pipeline: FacePipeline,
  file: string,
  cache: VectorCache = noCache,
  degradation?: DegradationName,
): Promise<Float32Array | undefined> {
  const bytes = await readFile(file);
  return await cache.get([bytes, degradation ?? ''], async () => {
    const frame = await readPicture(bytes);
    const face = frame && (await findPerson(pipeline, frame));
    if (face === undefined || degradation === undefined) return face?.vector();
    const random = seededRandom(`${degradation} ${basename(file)}`);
    const poor = await degradations[degradation](frame as Frame, face, random);
    return (await findPerson(pipeline, poor))?.vector();
  });
}

/** The person that a labelled picture is of; undefined where there is no face. */
export async function findPerson(pipeline: FacePipeline, frame: Frame) {
  const weight = (box: FaceBox) =>
    box.width * box.height -
    2 * ((box.x + box.width / 2 - frame.width / 2) ** 2 + (box.y + box.height / 2 - frame.height / 2) ** 2);
  const [box] = (await pipeline.detectFaces(frame)).sort((a, b) => weight(b) - weight(a));
  if (box === undefined) return undefined;
  const mesh = await pipeline.faceMesh(frame, box);
  return { box, mesh, vector: async () => (await pipeline.embed(frame, [mesh], true))[0] };
}

/** Pictures smaller than the contract allows (ORL's) are enlarged; undefined where one can't be read. */
export async function readPicture(bytes: Uint8Array): Promise<Frame | undefined> {
  try {
    return await decodePicture(bytes);
  } catch (error) {
    if (!(error instanceof FrsError) || error.code !== 'FRS.0013') return undefined;
    return decodePicture(
      await sharp(bytes).resize({ width: 160, height: 160, fit: 'outside' }).png().toBuffer(),
    );
  }
}
