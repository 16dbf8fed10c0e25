import {
  type Accounts,
  type AccountsAdmin,
  type Challenges,
  type Config,
  cachedAccounts as cacheAccounts,
  type DeadLetters,
  type EmbeddingModel,
  type Enrolments,
  type FaceRecords,
  type KeyDerivation,
  type Liveness,
  type LivenessRequest,
  type LoginGuard,
  type LoginQueue,
  loginGuard,
  type MediaPorts,
  type RateLimits,
  type SecretKeys,
  scryptInPool,
  secretKeys,
  type TokenUses,
  type Uploads,
  type Vision,
} from '@openfrs/core';
import {
  type Admission,
  createAdmission,
  type Deadlines,
  defaultDeadlines,
  type PipelinePorts,
} from '@openfrs/http';
import { activeEmbedder } from '@openfrs/models';
import {
  type Backups,
  type Clients,
  type CropSealing,
  createBackups,
  createDynamodb,
  createExpiry,
  createFaceRecords,
  createFaceSets,
  createMaintenance,
  createObjects,
  createS3,
  createSqs,
  createTransfer,
  dynamodbAccounts,
  dynamodbChallenges,
  dynamodbDeadLetters,
  dynamodbEnrolments,
  dynamodbLeases,
  dynamodbRateLimits,
  dynamodbTokenUses,
  type Expiry,
  isAws,
  type Leases,
  type Maintenance,
  type MaintenanceTask,
  presignedUploads,
  type StoredFaceSets,
  sqsDeadLetters,
  sqsTaskQueue,
  type Transfer,
} from '@openfrs/store';
import { createLoginQueue } from './login-queue.ts';
import type { Part, PartContext } from './part.ts';

/** The client of DynamoDB. Apart from that of S3, so that the bundle of an operation without objects holds no S3. */
export const dynamodb: Part<'dynamodb', Clients['dynamodb']> = {
  name: 'dynamodb',
  open: ({ config }) => createDynamodb(config.aws),
  close: (value) => value.destroy(),
};

export const s3: Part<'s3', Clients['s3']> = {
  name: 's3',
  open: ({ config }) => createS3(config.aws),
  close: (value) => value.destroy(),
};

/** Accounts as they are stored, for those who change them. */
export const accounts: Part<'accounts', AccountsAdmin> = {
  name: 'accounts',
  open: ({ config, resolve }) => dynamodbAccounts(resolve(dynamodb), config.accountsTable),
};

/** Accounts behind the 1 s read cache (`accountsAgeMs`). */
export const cachedAccounts: Part<'cachedAccounts', Accounts> = {
  name: 'cachedAccounts',
  open: ({ resolve }) => cacheAccounts(resolve(accounts)),
};

/** What seals access keys and signs tokens. @throws Error naming the remedy where FRS_SECRET_KEY is not set */
export const secrets: Part<'secrets', SecretKeys> = {
  name: 'secrets',
  open: ({ config }) => secretKeys(config.secretKey),
};

export const rateLimits: Part<'rateLimits', RateLimits> = {
  name: 'rateLimits',
  open: ({ config, resolve }) => dynamodbRateLimits(resolve(dynamodb), config.limitsTable),
};

export const tokenUses: Part<'tokenUses', TokenUses> = {
  name: 'tokenUses',
  open: ({ config, resolve }) => dynamodbTokenUses(resolve(dynamodb), config.limitsTable),
};

/** Counts failed logins, and refuses a source or an account that has too many. */
export const logins: Part<'logins', LoginGuard> = {
  name: 'logins',
  open: ({ resolve }) => loginGuard(resolve(rateLimits)),
};

export const loginQueue: Part<'loginQueue', LoginQueue> = {
  name: 'loginQueue',
  open: () => createLoginQueue(),
};

/** Where passwords are hashed: libuv's pool, which is enough where a process has one request at a time. */
export const keyDerivation: Part<'keyDerivation', KeyDerivation> = {
  name: 'keyDerivation',
  open: () => scryptInPool,
};

/** In the queue of heavy operations: what is left of the request's time is for its work. */
const longestWaitMs = ({ requestMs }: Config) => requestMs / 2;

export const admission: Part<'admission', Admission> = {
  name: 'admission',
  open: ({ config }) => createAdmission({ ...config.admission, longestWaitMs: longestWaitMs(config) }),
};

export const deadlines: Part<'deadlines', Deadlines> = {
  name: 'deadlines',
  open: ({ config }) => ({
    ...defaultDeadlines,
    workMs: config.requestMs,
    queueMs: longestWaitMs(config),
  }),
};

/** What every request needs before its operation: who is asking, and how often. */
export const pipelinePorts: Part<'pipelinePorts', PipelinePorts> = {
  name: 'pipelinePorts',
  open: ({ config, now, resolve }) => {
    const { publicHosts, trustForwardedHost } = config;
    return {
      identity: {
        accounts: resolve(cachedAccounts),
        secrets: resolve(secrets),
        tokenUses: resolve(tokenUses),
        publicHosts,
        trustForwardedHost,
      },
      rateLimits: resolve(rateLimits),
      admission: resolve(admission),
      deadlines: resolve(deadlines),
      now,
    };
  },
};

export type TakeTask = (task: MaintenanceTask) => void | Promise<void>;

/** Who does the work that writes leave behind: a queue where one is configured. What nobody takes, the sweep finds. */
export const tasks: Part<'tasks', TakeTask> = {
  name: 'tasks',
  open: ({ config }) =>
    config.maintenanceQueue === ''
      ? () => undefined
      : sqsTaskQueue(createSqs(config.aws), config.maintenanceQueue),
};

/** Face sets without an index, for a function that searches nothing. */
export const faceRecords: Part<'faceRecords', FaceRecords> = {
  name: 'faceRecords',
  open: (context) =>
    createFaceRecords({
      dynamodb: context.resolve(dynamodb),
      table: context.config.dataTable,
      ...whatWritesNeed(context),
    }),
};

export const faceSets: Part<'faceSets', StoredFaceSets> = {
  name: 'faceSets',
  open: (context) => {
    const { searchCacheBytes } = context.config;
    const limits = searchCacheBytes === undefined ? {} : { cacheBytes: searchCacheBytes };
    return createFaceSets({ ...faceSetStorage(context), limits, ...whatWritesNeed(context) });
  },
};

function whatWritesNeed(context: PartContext) {
  // The secret key is asked for with the first crop: functions that see none have no key.
  const crops: CropSealing = {
    sealCrop: (crop, face) => context.resolve(secrets).sealCrop(crop, face),
    openCrop: (sealed, face) => context.resolve(secrets).openCrop(sealed, face),
  };
  return { onTask: context.resolve(tasks), ...(context.config.storeCrops && { crops }) };
}

/** The work behind the face sets: compaction, sweeps, clearing deleted sets away. */
export const maintenance: Part<'maintenance', Maintenance> = {
  name: 'maintenance',
  open: (context) => createMaintenance(faceSetStorage(context)),
};

/** Removes what has expired, for hosts whose engines don't. */
export const expiry: Part<'expiry', Expiry> = {
  name: 'expiry',
  open: ({ config, now, resolve }) =>
    createExpiry({
      dynamodb: resolve(dynamodb),
      s3: resolve(s3),
      tables: [config.dataTable, config.limitsTable, config.accountsTable],
      bucket: config.mediaBucket,
      hasTimeToLive: isAws(config.aws.dynamodbEndpoint),
      hasLifecycle: isAws(config.aws.s3Endpoint),
      now: () => now().getTime(),
    }),
};

export const transfer: Part<'transfer', Transfer> = {
  name: 'transfer',
  open: (context) => createTransfer(faceSetStorage(context)),
};

export const backups: Part<'backups', Backups> = {
  name: 'backups',
  open: (context) => createBackups({ ...faceSetStorage(context), accounts: context.resolve(accounts) }),
};

function faceSetStorage({ config, resolve }: PartContext) {
  return {
    dynamodb: resolve(dynamodb),
    s3: resolve(s3),
    table: config.dataTable,
    bucket: config.indexBucket,
  };
}

/** Stored pictures and videos. */
export const media: Part<'media', MediaPorts> = {
  name: 'media',
  open: ({ config, resolve }) => ({
    objects: createObjects(resolve(s3)),
    uploadBucket: config.mediaBucket,
    mediaHosts: [
      ...config.mediaHosts,
      ...storageHosts(config.aws),
      ...(config.publicS3Endpoint ? [new URL(config.publicS3Endpoint).host] : []),
    ],
  }),
};

/** The hosts of the S3 that is configured. */
function storageHosts({ s3Endpoint, region }: PartContext['config']['aws']): string[] {
  if (s3Endpoint) return [new URL(s3Endpoint).host];
  if (!region) return [];
  return region.startsWith('cn-')
    ? [`s3.${region}.amazonaws.com.cn`]
    : ['s3.amazonaws.com', `s3.${region}.amazonaws.com`];
}

/** S3 as clients reach it, which only signs: nothing is asked there. */
const publicS3: Part<'publicS3', Clients['s3']> = {
  name: 'publicS3',
  open: ({ config: { aws, publicS3Endpoint } }) =>
    createS3({ ...aws, ...(publicS3Endpoint && { s3Endpoint: publicS3Endpoint }) }),
  close: (value) => value.destroy(),
};

/** Forms to upload media with. */
export const uploads: Part<'uploads', Uploads> = {
  name: 'uploads',
  open: ({ config, resolve }) =>
    presignedUploads(
      resolve<Clients['s3']>(config.publicS3Endpoint === undefined ? s3 : publicS3),
      config.mediaBucket,
    ),
};

/** The log of uploads that were enrolled or refused. */
export const enrolments: Part<'enrolments', Enrolments> = {
  name: 'enrolments',
  open: ({ config, now, resolve }) =>
    dynamodbEnrolments(resolve(dynamodb), config.dataTable, () => now().getTime()),
};

/** Challenges of live-detect. */
export const challenges: Part<'challenges', Challenges> = {
  name: 'challenges',
  open: ({ config, resolve }) => dynamodbChallenges(resolve(dynamodb), config.dataTable),
};

/** Where uploads go that can't be enrolled: a queue where one is configured, else the data table. */
export const deadLetters: Part<'deadLetters', DeadLetters> = {
  name: 'deadLetters',
  open: ({ config, now, resolve }) =>
    config.deadLetterQueue === ''
      ? dynamodbDeadLetters(resolve(dynamodb), config.dataTable, now)
      : sqsDeadLetters(createSqs(config.aws), config.deadLetterQueue),
};

/** Which server does what only one is to do. */
export const leases: Part<'leases', Leases> = {
  name: 'leases',
  open: ({ config, resolve }) => dynamodbLeases(resolve(dynamodb), config.dataTable),
};

/** The embedding model that new face sets are for; the model itself isn't loaded. */
export const model: Part<'model', Promise<Pick<EmbeddingModel, 'id' | 'dimension'>>> = {
  name: 'model',
  open: async ({ config }) => {
    const active = await activeEmbedder(config.modelsDir);
    if (!active?.embedder) throw new Error('No embedding model is in use: see `openfrs models list`.');
    const { dimension, postprocessing } = active.embedder;
    return { id: postprocessing?.id ?? active.id, dimension };
  },
};

/** The host provides it: models are native modules, which no bundle may hold. */
export const vision: Part<'vision', Promise<Vision>> = {
  name: 'vision',
  open: () => {
    throw new Error('This host gives the service no vision.');
  },
};

/** Core's port, and reports for developers. */
export interface LivenessReports extends Liveness {
  reportVideo(video: Uint8Array, request: LivenessRequest, signal?: AbortSignal): Promise<unknown>;
}

/** The host provides it, as with `vision`. */
export const liveness: Part<'liveness', Promise<LivenessReports>> = {
  name: 'liveness',
  open: () => {
    throw new Error('This host gives the service no liveness.');
  },
};
