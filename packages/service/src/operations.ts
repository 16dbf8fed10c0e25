import {
  type Accounts,
  createToken,
  faceAdd as faceAddUseCase,
  faceCompare as faceCompareUseCase,
  faceDeleteBatch as faceDeleteBatchUseCase,
  faceDelete as faceDeleteUseCase,
  faceDetect as faceDetectUseCase,
  faceList as faceListUseCase,
  faceSearch as faceSearchUseCase,
  faceSetCreate as faceSetCreateUseCase,
  faceSetDelete as faceSetDeleteUseCase,
  faceSetList as faceSetListUseCase,
  faceSetShow as faceSetShowUseCase,
  faceUpdate as faceUpdateUseCase,
  listDomains,
  listProjects,
  liveChallengeCreate as liveChallengeCreateUseCase,
  liveDetectFace as liveDetectFaceUseCase,
  liveDetect as liveDetectUseCase,
  subscriptionShow as subscriptionShowUseCase,
  type TokenDeps,
  uploadCreate as uploadCreateUseCase,
} from '@openfrs/core';
import { accountRoute, openRoute, projectRoute } from '@openfrs/http';
import type { AccountHandler, OpenHandler, ProjectHandler } from './operation-handler.ts';
import type { PartContext } from './part.ts';
import {
  cachedAccounts,
  challenges,
  faceRecords,
  faceSets,
  keyDerivation,
  liveness,
  loginQueue,
  logins,
  media,
  model,
  pipelinePorts,
  secrets,
  uploads,
  vision,
} from './parts.ts';

/** Ports of operations on face sets that search nothing. */
const withFaceRecords = (context: PartContext) => ({
  ...context.resolve(pipelinePorts),
  faceSets: context.resolve(faceRecords),
});

const withFaceSets = (context: PartContext) => ({
  ...context.resolve(pipelinePorts),
  faceSets: context.resolve(faceSets),
});

const withVision = async (context: PartContext) => ({
  ...context.resolve(pipelinePorts),
  ...context.resolve(media),
  vision: await context.resolve(vision),
});

const withLiveness = async (context: PartContext) => ({
  ...context.resolve(pipelinePorts),
  ...context.resolve(media),
  liveness: await context.resolve(liveness),
});

const withAccounts = (context: PartContext) => ({
  ...context.resolve(pipelinePorts),
  accounts: context.resolve(cachedAccounts),
});

export const faceDetect: ProjectHandler<'face-detect', typeof faceDetectUseCase> = {
  name: 'face-detect',
  route: projectRoute,
  run: faceDetectUseCase,
  ports: withVision,
};

export const faceCompare: ProjectHandler<'face-compare', typeof faceCompareUseCase> = {
  name: 'face-compare',
  route: projectRoute,
  run: faceCompareUseCase,
  ports: withVision,
};

export const liveDetect: ProjectHandler<'live-detect', typeof liveDetectUseCase> = {
  name: 'live-detect',
  route: projectRoute,
  run: liveDetectUseCase,
  ports: async (context) => ({ ...(await withLiveness(context)), challenges: context.resolve(challenges) }),
};

export const liveChallengeCreate: ProjectHandler<'live-challenge-create', typeof liveChallengeCreateUseCase> =
  {
    name: 'live-challenge-create',
    route: projectRoute,
    run: liveChallengeCreateUseCase,
    ports: (context) => ({
      ...context.resolve(pipelinePorts),
      challenges: context.resolve(challenges),
      challengeMs: context.config.challengeMs,
    }),
  };

export const liveDetectFace: ProjectHandler<'live-detect-face', typeof liveDetectFaceUseCase> = {
  name: 'live-detect-face',
  route: projectRoute,
  run: liveDetectFaceUseCase,
  ports: withLiveness,
};

export const faceSetCreate: ProjectHandler<'face-set-create', typeof faceSetCreateUseCase> = {
  name: 'face-set-create',
  route: projectRoute,
  run: faceSetCreateUseCase,
  ports: async (context) => ({ ...withFaceRecords(context), model: await context.resolve(model) }),
};

export const faceSetList: ProjectHandler<'face-set-list', typeof faceSetListUseCase> = {
  name: 'face-set-list',
  route: projectRoute,
  run: faceSetListUseCase,
  ports: withFaceRecords,
};

export const faceSetShow: ProjectHandler<'face-set-show', typeof faceSetShowUseCase> = {
  name: 'face-set-show',
  route: projectRoute,
  run: faceSetShowUseCase,
  ports: withFaceRecords,
};

export const faceSetDelete: ProjectHandler<'face-set-delete', typeof faceSetDeleteUseCase> = {
  name: 'face-set-delete',
  route: projectRoute,
  run: faceSetDeleteUseCase,
  ports: withFaceRecords,
};

export const faceSearch: ProjectHandler<'face-search', typeof faceSearchUseCase> = {
  name: 'face-search',
  route: projectRoute,
  run: faceSearchUseCase,
  ports: async (context) => ({ ...withFaceSets(context), ...(await withVision(context)) }),
};

export const faceAdd: ProjectHandler<'face-add', typeof faceAddUseCase> = {
  name: 'face-add',
  route: projectRoute,
  run: faceAddUseCase,
  ports: async (context) => ({ ...withFaceRecords(context), ...(await withVision(context)) }),
};

export const faceList: ProjectHandler<'face-list', typeof faceListUseCase> = {
  name: 'face-list',
  route: projectRoute,
  run: faceListUseCase,
  ports: withFaceRecords,
};

export const faceUpdate: ProjectHandler<'face-update', typeof faceUpdateUseCase> = {
  name: 'face-update',
  route: projectRoute,
  run: faceUpdateUseCase,
  ports: withFaceRecords,
};

export const faceDelete: ProjectHandler<'face-delete', typeof faceDeleteUseCase> = {
  name: 'face-delete',
  route: projectRoute,
  run: faceDeleteUseCase,
  ports: withFaceSets,
};

export const faceDeleteBatch: ProjectHandler<'face-delete-batch', typeof faceDeleteBatchUseCase> = {
  name: 'face-delete-batch',
  route: projectRoute,
  run: faceDeleteBatchUseCase,
  ports: withFaceSets,
};

export const uploadCreate: ProjectHandler<'upload-create', typeof uploadCreateUseCase> = {
  name: 'upload-create',
  route: projectRoute,
  run: uploadCreateUseCase,
  ports: (context) => ({ ...context.resolve(pipelinePorts), uploads: context.resolve(uploads) }),
};

export const subscriptionShow: ProjectHandler<'subscription-show', typeof subscriptionShowUseCase> = {
  name: 'subscription-show',
  route: projectRoute,
  run: subscriptionShowUseCase,
  ports: (context) => context.resolve(pipelinePorts),
};

export const tokenCreate: OpenHandler<TokenDeps> = {
  name: 'token-create',
  route: openRoute,
  run: async ({ body, remoteAddress, signal, ports }) => {
    const created = await createToken(body, { source: remoteAddress, signal, now: ports.now() }, ports);
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

export const projectList: AccountHandler<{ readonly accounts: Accounts }> = {
  name: 'project-list',
  route: accountRoute,
  run: (caller, { query, url, ports }) => listProjects(caller, query, url, ports),
  ports: withAccounts,
};

export const domainList: AccountHandler<{ readonly accounts: Accounts }> = {
  name: 'domain-list',
  route: accountRoute,
  run: (caller, { url, ports }) => listDomains(caller, url, ports),
  ports: withAccounts,
};
