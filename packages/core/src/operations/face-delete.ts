import {
  type DeleteFacesRequest,
  type ErrorCode,
  FrsError,
  filterableType,
  type ResponseOf,
  typeText,
} from '@openfrs/contract';
import type { FaceSets } from '../ports/face-sets.ts';
import { faceCountResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.6.4: deletes every face with one field's value. */
export const faceDelete: UseCase<
  DeleteFacesRequest,
  { readonly faceSets: FaceSets },
  ResponseOf<'face-delete'>
> = async ({ faceSetName, field, value: text }, project, { faceSets }) => {
  const set = await faceSets.get(project.id, faceSetName);
  const type = filterableType(set.fields, field);
  if (type === undefined) throw new FrsError('FRS.0402');
  // A text that can't be a value of the field's type is no face's value.
  const value = typeText(type, text);
  const removed =
    value === undefined ? 0 : await faceSets.removeMatching(set, { kind: 'equals', field, value });
  if (removed === 0) throw new FrsError(notFound(field));
  return faceCountResponse(set, removed);
};

function notFound(field: string): ErrorCode {
  if (field === 'external_image_id') return 'FRS.0402';
  return field === 'face_id' ? 'FRS.0403' : 'FRS.0401';
}
