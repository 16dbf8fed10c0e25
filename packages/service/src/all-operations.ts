import type { OperationName } from '@openfrs/contract';
import type { ServiceOperation } from './operation-handler.ts';
import {
  domainList,
  faceAdd,
  faceCompare,
  faceDelete,
  faceDeleteBatch,
  faceDetect,
  faceList,
  faceSearch,
  faceSetCreate,
  faceSetDelete,
  faceSetList,
  faceSetShow,
  faceUpdate,
  liveChallengeCreate,
  liveDetect,
  liveDetectFace,
  projectList,
  subscriptionShow,
  tokenCreate,
  uploadCreate,
} from './operations.ts';
import { faceSets } from './parts.ts';

/** In one process with searches, records are those of the face sets that have the index: a set that is removed leaves it. */
const onFaceSets = (operation: ServiceOperation): ServiceOperation => ({
  ...operation,
  ports: async (context) => ({ ...(await operation.ports(context)), faceSets: context.resolve(faceSets) }),
});

/** The whole API: an operation of the table that is missing here does not compile. */
export const allOperations: Readonly<Record<OperationName, ServiceOperation>> = {
  'face-detect': faceDetect,
  'face-compare': faceCompare,
  'live-detect': liveDetect,
  'live-challenge-create': liveChallengeCreate,
  'live-detect-face': liveDetectFace,
  'face-set-create': onFaceSets(faceSetCreate),
  'face-set-list': onFaceSets(faceSetList),
  'face-set-show': onFaceSets(faceSetShow),
  'face-set-delete': onFaceSets(faceSetDelete),
  'face-search': faceSearch,
  'face-add': onFaceSets(faceAdd),
  'face-list': onFaceSets(faceList),
  'face-update': onFaceSets(faceUpdate),
  'face-delete': faceDelete,
  'face-delete-batch': faceDeleteBatch,
  'upload-create': uploadCreate,
  'subscription-show': subscriptionShow,
  'token-create': tokenCreate,
  'project-list': projectList,
  'domain-list': domainList,
};
