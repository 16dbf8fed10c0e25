import type { FaceSetRequest, ResponseOf } from '@openfrs/contract';
import type { FaceRecords } from '../ports/face-sets.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.5.4: deletes a face set with all its faces. */
export const faceSetDelete: UseCase<
  FaceSetRequest,
  { readonly faceSets: FaceRecords },
  ResponseOf<'face-set-delete'>
> = async ({ faceSetName }, project, { faceSets }) => {
  await faceSets.remove(project.id, faceSetName);
  return { face_set_name: faceSetName };
};
