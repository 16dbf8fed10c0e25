import type { OperationName } from '@openfrs/contract';
import { type Accounts, createToken, listDomains, listProjects, type TokenDeps } from '@openfrs/core';
import { faceAdd as faceAddUseCase } from '@openfrs/core/operations/face-add.ts';
import { faceCompare as faceCompareUseCase } from '@openfrs/core/operations/face-compare.ts';
import { faceDelete as faceDeleteUseCase } from '@openfrs/core/operations/face-delete.ts';
import { faceDeleteBatch as faceDeleteBatchUseCase } from '@openfrs/core/operations/face-delete-batch.ts';
import { faceDetect as faceDetectUseCase } from '@openfrs/core/operations/face-detect.ts';
import { faceList as faceListUseCase } from '@openfrs/core/operations/face-list.ts';
import { faceSearch as faceSearchUseCase } from '@openfrs/core/operations/face-search.ts';
import { faceSetCreate as faceSetCreateUseCase } from '@openfrs/core/operations/face-set-create.ts';
import { faceSetDelete as faceSetDeleteUseCase } from '@openfrs/core/operations/face-set-delete.ts';
import { faceSetList as faceSetListUseCase } from '@openfrs/core/operations/face-set-list.ts';
import { faceSetShow as faceSetShowUseCase } from '@openfrs/core/operations/face-set-show.ts';
import { faceUpdate as faceUpdateUseCase } from '@openfrs/core/operations/face-update.ts';
import { liveDetect as liveDetectUseCase } from '@openfrs/core/operations/live-detect.ts';
import { liveDetectFace as liveDetectFaceUseCase } from '@openfrs/core/operations/live-detect-face.ts';
import { subscriptionShow as subscriptionShowUseCase } from '@openfrs/core/operations/subscription-show.ts';
import { uploadCreate as uploadCreateUseCase } from '@openfrs/core/operations/upload-create.ts';
import { accountDoor, door, openDoor } from '@openfrs/http';
import type {
  AccountOperation,
  OpenOperation,
  OperationHandler,
  ProjectOperation,
} from './operation-handler.ts';
import type { PartContext } from './part.ts';
import {
  cachedAccounts,
  faceSets,
  gateway,
  keyDerivation,
  liveness,
  loginQueue,
  logins,
  media,
  model,
  secrets,
  uploads,
  vision,
} from './parts.ts';

/** Ports that all operations on face sets share. */
const withFaceSets = (context: PartContext) => ({
  ...context.resolve(gateway),
  faceSets: context.resolve(faceSets),
});

const withVision = async (context: PartContext) => ({
  ...context.resolve(gateway),
  ...context.resolve(media),
  vision: await context.resolve(vision),
});

const withLiveness = async (context: PartContext) => ({
  ...context.resolve(gateway),
  ...context.resolve(media),
  liveness: await context.resolve(liveness),
});

const withAccounts = (context: PartContext) => ({
  ...context.resolve(gateway),
  accounts: context.resolve(cachedAccounts),
});

export const faceDetect: ProjectOperation<'face-detect', typeof faceDetectUseCase> = {
  name: 'face-detect',
  createApp: door,
  run: faceDetectUseCase,
  ports: withVision,
};

export const faceCompare: ProjectOperation<'face-compare', typeof faceCompareUseCase> = {
  name: 'face-compare',
  createApp: door,
  run: faceCompareUseCase,
  ports: withVision,
};

export const liveDetect: ProjectOperation<'live-detect', typeof liveDetectUseCase> = {
  name: 'live-detect',
  createApp: door,
  run: liveDetectUseCase,
  ports: withLiveness,
};

export const liveDetectFace: ProjectOperation<'live-detect-face', typeof liveDetectFaceUseCase> = {
  name: 'live-detect-face',
  createApp: door,
  run: liveDetectFaceUseCase,
  ports: withLiveness,
};

export const faceSetCreate: ProjectOperation<'face-set-create', typeof faceSetCreateUseCase> = {
  name: 'face-set-create',
  createApp: door,
  run: faceSetCreateUseCase,
  ports: async (context) => ({ ...withFaceSets(context), model: await context.resolve(model) }),
};

export const faceSetList: ProjectOperation<'face-set-list', typeof faceSetListUseCase> = {
  name: 'face-set-list',
  createApp: door,
  run: faceSetListUseCase,
  ports: withFaceSets,
};

export const faceSetShow: ProjectOperation<'face-set-show', typeof faceSetShowUseCase> = {
  name: 'face-set-show',
  createApp: door,
  run: faceSetShowUseCase,
  ports: withFaceSets,
};

export const faceSetDelete: ProjectOperation<'face-set-delete', typeof faceSetDeleteUseCase> = {
  name: 'face-set-delete',
  createApp: door,
  run: faceSetDeleteUseCase,
  ports: withFaceSets,
};

export const faceSearch: ProjectOperation<'face-search', typeof faceSearchUseCase> = {
  name: 'face-search',
  createApp: door,
  run: faceSearchUseCase,
  ports: async (context) => ({ ...withFaceSets(context), ...(await withVision(context)) }),
};

export const faceAdd: ProjectOperation<'face-add', typeof faceAddUseCase> = {
  name: 'face-add',
  createApp: door,
  run: faceAddUseCase,
  ports: async (context) => ({ ...withFaceSets(context), ...(await withVision(context)) }),
};

export const faceList: ProjectOperation<'face-list', typeof faceListUseCase> = {
  name: 'face-list',
  createApp: door,
  run: faceListUseCase,
  ports: withFaceSets,
};

export const faceUpdate: ProjectOperation<'face-update', typeof faceUpdateUseCase> = {
  name: 'face-update',
  createApp: door,
  run: faceUpdateUseCase,
  ports: withFaceSets,
};

export const faceDelete: ProjectOperation<'face-delete', typeof faceDeleteUseCase> = {
  name: 'face-delete',
  createApp: door,
  run: faceDeleteUseCase,
  ports: withFaceSets,
};

export const faceDeleteBatch: ProjectOperation<'face-delete-batch', typeof faceDeleteBatchUseCase> = {
  name: 'face-delete-batch',
  createApp: door,
  run: faceDeleteBatchUseCase,
  ports: withFaceSets,
};

export const uploadCreate: ProjectOperation<'upload-create', typeof uploadCreateUseCase> = {
  name: 'upload-create',
  createApp: door,
  run: uploadCreateUseCase,
  ports: (context) => ({ ...context.resolve(gateway), uploads: context.resolve(uploads) }),
};

export const subscriptionShow: ProjectOperation<'subscription-show', typeof subscriptionShowUseCase> = {
  name: 'subscription-show',
  createApp: door,
  run: subscriptionShowUseCase,
  ports: (context) => context.resolve(gateway),
};

export const tokenCreate: OpenOperation<TokenDeps> = {
  name: 'token-create',
  createApp: openDoor,
  run: async ({ body, source, signal, ports }) => {
    const created = await createToken(body, { source, signal, now: ports.now() }, ports);
    return { status: 201, body: created.body, headers: { 'X-Subject-Token': created.token } };
  },
  // Guard, queue and hashing stand between a login and its password.
  ports: (context) => ({
    ...withAccounts(context),
    secrets: context.resolve(secrets),
    logins: context.resolve(logins),
    loginQueue: context.resolve(loginQueue),
    derivation: context.resolve(keyDerivation),
  }),
};

export const projectList: AccountOperation<{ readonly accounts: Accounts }> = {
  name: 'project-list',
  createApp: accountDoor,
  run: (caller, { query, place, ports }) => listProjects(caller, query, place, ports),
  ports: withAccounts,
};

export const domainList: AccountOperation<{ readonly accounts: Accounts }> = {
  name: 'domain-list',
  createApp: accountDoor,
  run: (caller, { place, ports }) => listDomains(caller, place, ports),
  ports: withAccounts,
};

/** The whole API: an operation of the table that is missing here does not compile. */
export const allOperations: Readonly<Record<OperationName, OperationHandler>> = {
  'face-detect': faceDetect,
  'face-compare': faceCompare,
  'live-detect': liveDetect,
  'live-detect-face': liveDetectFace,
  'face-set-create': faceSetCreate,
  'face-set-list': faceSetList,
  'face-set-show': faceSetShow,
  'face-set-delete': faceSetDelete,
  'face-search': faceSearch,
  'face-add': faceAdd,
  'face-list': faceList,
  'face-update': faceUpdate,
  'face-delete': faceDelete,
  'face-delete-batch': faceDeleteBatch,
  'upload-create': uploadCreate,
  'subscription-show': subscriptionShow,
  'token-create': tokenCreate,
  'project-list': projectList,
  'domain-list': domainList,
};
