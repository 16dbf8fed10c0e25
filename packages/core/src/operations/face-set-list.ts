import type { ResponseOf } from '@openfrs/contract';
import type { FaceRecords } from '../ports/face-sets.ts';
import { faceSetResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.5.2: every face set of the project. */
export const faceSetList: UseCase<
  object,
  { readonly faceSets: FaceRecords },
  ResponseOf<'face-set-list'>
> = async (_, project, { faceSets }) => ({
  face_sets_info: (await faceSets.list(project.id)).map(faceSetResponse),
});
