import { checkStringValues, type ResponseOf, typeFields, type UpdateFaceRequest } from '@openfrs/contract';
import type { FaceRecords } from '../ports/face-sets.ts';
import { faceCountResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.6.3: gives a face another `external_image_id`, or merges custom fields over its own. */
export const faceUpdate: UseCase<
  UpdateFaceRequest,
  { readonly faceSets: FaceRecords },
  ResponseOf<'face-update'>
> = async ({ faceSetName, faceId, externalImageId, externalFields }, project, { faceSets }) => {
  const set = await faceSets.get(project.id, faceSetName);
  if (externalFields) checkStringValues(set.fields, externalFields);
  await faceSets.update(set, faceId, {
    ...(externalImageId !== undefined && { externalImageId }),
    ...(externalFields && { fields: typeFields(set.fields, externalFields) }),
  });
  return faceCountResponse(set, 1);
};
