import { type BatchDeleteRequest, FrsError, type ResponseOf, readFilter } from '@openfrs/contract';
import type { FaceSets } from '../ports/face-sets.ts';
import { faceCountResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.6.5: deletes every face that passes a filter. */
export const faceDeleteBatch: UseCase<
  BatchDeleteRequest,
  { readonly faceSets: FaceSets },
  ResponseOf<'face-delete-batch'>
> = async ({ faceSetName, filter }, project, { faceSets }) => {
  const set = await faceSets.get(project.id, faceSetName);
  const removed = await faceSets.removeMatching(set, readFilter(filter, set.fields));
  if (removed === 0) throw new FrsError('FRS.0407');
  return faceCountResponse(set, removed);
};
