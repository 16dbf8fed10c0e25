import { type CreateFaceSetRequest, FrsError, type ResponseOf } from '@openfrs/contract';
import type { FaceRecords } from '../ports/face-sets.ts';
import type { EmbeddingModel } from '../ports/vision.ts';
import { faceSetResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

export interface CreateFaceSetPorts {
  readonly faceSets: FaceRecords;
  /** The embedding model of new sets. */
  readonly model: Pick<EmbeddingModel, 'id' | 'dimension'>;
}

/** Chapter 4.5.1: creates an empty face set with its custom fields. */
export const faceSetCreate: UseCase<
  CreateFaceSetRequest,
  CreateFaceSetPorts,
  ResponseOf<'face-set-create'>
> = async ({ faceSetName, capacity, fields }, project, { faceSets, model }) => {
  if (capacity > project.quotas.faceSetCapacity) {
    throw new FrsError(
      'FRS.0012',
      `Parameter: face_set_capacity: must be at most ${project.quotas.faceSetCapacity}.`,
    );
  }
  const spec = { name: faceSetName, capacity, fields, model: model.id, dimension: model.dimension };
  const set = await faceSets.create(project.id, spec, project.quotas.faceSets);
  return { face_set_info: faceSetResponse(set) };
};
