import type { FaceSetRequest, ResponseOf } from '@openfrs/contract';
import type { FaceRecords } from '../ports/face-sets.ts';
import { faceSetResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.5.3: the state of one face set. */
export const faceSetShow: UseCase<
  FaceSetRequest,
  { readonly faceSets: FaceRecords },
  ResponseOf<'face-set-show'>
> = async ({ faceSetName }, project, { faceSets }) => ({
  face_set_info: faceSetResponse(await faceSets.get(project.id, faceSetName)),
});
