import type { ListFacesRequest, ResponseOf } from '@openfrs/contract';
import type { FaceRecords } from '../ports/face-sets.ts';
import { setFacesResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.6.2: one face, or a page of them in the order of adding. */
export const faceList: UseCase<
  ListFacesRequest,
  { readonly faceSets: FaceRecords },
  ResponseOf<'face-list'>
> = async (request, project, { faceSets }) => {
  const set = await faceSets.get(project.id, request.faceSetName);
  const faces =
    'faceId' in request
      ? [await faceSets.find(set, request.faceId)]
      : await faceSets.page(set, request.offset, request.limit);
  return setFacesResponse(set, faces);
};
