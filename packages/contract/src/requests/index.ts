import type { OperationName } from '../operations.ts';
import { deleteFacesRequest } from './delete-by-field.ts';
import { createFaceSetRequest, faceSetRequest, noParameters } from './face-sets.ts';
import {
  addFacesRequest,
  batchDeleteRequest,
  listFacesRequest,
  searchRequest,
  updateFaceRequest,
} from './faces.ts';
import {
  compareRequest,
  createChallengeRequest,
  detectRequest,
  photoLivenessRequest,
  videoLivenessRequest,
} from './media.ts';
import type { RequestSchema } from './read.ts';

/** Operations of FRS itself; the others are IAM's. */
export type FrsOperationName = Exclude<OperationName, 'token-create' | 'project-list' | 'domain-list'>;

/** How each operation's parameters are read. */
export const requests = {
  'face-detect': detectRequest,
  'face-compare': compareRequest,
  'live-detect': videoLivenessRequest,
  'live-challenge-create': createChallengeRequest,
  'live-detect-face': photoLivenessRequest,
  'face-set-create': createFaceSetRequest,
  'face-set-list': noParameters,
  'face-set-show': faceSetRequest,
  'face-set-delete': faceSetRequest,
  'face-search': searchRequest,
  'face-add': addFacesRequest,
  'face-list': listFacesRequest,
  'face-update': updateFaceRequest,
  'face-delete': deleteFacesRequest,
  'face-delete-batch': batchDeleteRequest,
  'upload-create': noParameters,
  'subscription-show': noParameters,
} as const satisfies Record<FrsOperationName, RequestSchema<unknown>>;

/** What an operation's use case is given. */
export type ParametersOf<Name extends FrsOperationName> =
  (typeof requests)[Name] extends RequestSchema<infer Parameters> ? Parameters : never;

export * from './delete-by-field.ts';
export * from './face-sets.ts';
export * from './faces.ts';
export * from './media.ts';
export { inPath, type Media } from './parts.ts';
export * from './read.ts';
