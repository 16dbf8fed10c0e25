import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, readSettings, type SettingValues } from './settings/read-settings.ts';

/** How the stores are reached. What is absent is left to the AWS SDK's own chain: profiles, roles, metadata. */
export interface AwsConfig {
  /** AWS_REGION */
  readonly region?: string;
  /** AWS_ENDPOINT_URL_DYNAMODB */
  readonly dynamodbEndpoint?: string;
  /** AWS_ENDPOINT_URL_S3 */
  readonly s3Endpoint?: string;
  /** AWS_ENDPOINT_URL_SQS */
  readonly sqsEndpoint?: string;
  /** AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, where no AWS_SESSION_TOKEN goes with them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Settings of a service, read once from FRS_*, AWS_* and FFMPEG_* variables. */
export interface Config {
  readonly aws: AwsConfig;
  /** FRS_TABLE_DATA: face sets, faces and the log of enrolments. */
  readonly dataTable: string;
  /** FRS_TABLE_ACCOUNTS */
  readonly accountsTable: string;
  /** FRS_TABLE_LIMITS: counters of requests and of failed logins, last uses of API tokens. */
  readonly limitsTable: string;
  /** FRS_BUCKET_INDEX: segments of the search index. */
  readonly indexBucket: string;
  /** FRS_BUCKET: the media bucket of the developer's account, and of uploads. */
  readonly mediaBucket: string;
  /** FRS_MODELS_DIR */
  readonly modelsDir: string;
  /** FRS_REGION: name of the project of the developer's account; empty: as it was at the last start. */
  readonly region: string;
  /** FRS_DATA_DIR: where `npm start` keeps its stores. */
  readonly dataDir: string;
  /** FRS_SECRET_KEY as given; empty where none is set. Never log it. */
  readonly secretKey: string;
  /** FRS_PUBLIC_HOSTS: host names that clients may have signed. */
  readonly publicHosts: readonly string[];
  /** FRS_TRUST_FORWARDED_HOST: X-Forwarded-Host comes from a trusted hop. */
  readonly trustForwardedHost: boolean;
  /** FRS_MEDIA_HOSTS: storage hosts accepted in `https://bucket.<host>/key`. */
  readonly mediaHosts: readonly string[];
  /** FRS_MIN_FACE_PX: longer side of the smallest box that is returned, within the picture. */
  readonly minFacePx: number;
  /** FRS_CHALLENGE_SECONDS: how long a liveness challenge is good for, in milliseconds; from 10 s to two minutes. */
  readonly challengeMs: number;
  /** Where FFmpeg lies. */
  readonly video: {
    /** FFMPEG_PATH: native FFmpeg; absent: the one in WebAssembly. */
    readonly ffmpegPath?: string;
    /** FFMPEG_CORE_PATH: the core of the one in WebAssembly; absent: that of the npm package. */
    readonly corePath?: string;
    /** FRS_VIDEO_WORKER: the script of its thread; absent: built from its source. */
    readonly workerPath?: string;
  };
  /** FRS_SEARCH_CACHE_BYTES: memory for search segments; undefined: the store's own choice. */
  readonly searchCacheBytes: number | undefined;
  /** What one process takes on at a time; more is answered at once with FRS.0033. */
  readonly admission: {
    /** FRS_HEAVY_RUNNING: operations that look at pictures or videos; two for each core unless set. */
    readonly running: number;
    /** FRS_HEAVY_WAITING: such operations that wait their turn. */
    readonly waiting: number;
    /**
     * FRS_BODY_BYTES: bodies of requests in memory, of which one project or address with several has half; with what is made
     * of them, memory is about four times this.
     */
    readonly bodyBytes: number;
    /**
     * What pictures are decoded to, of all workers together, beside the bodies: by FRS_BODY_BYTES, 80 MiB a worker unless that is set. Base, bodies
     * and pictures of two workers stay below 1.2 GB.
     */
    readonly pictureBytes: number;
  };
  /** Processes that look at pictures, at most: two even on few cores, as one decodes and crops while the other's models run. */
  readonly visionWorkers: number;
  /** FRS_REQUEST_SECONDS: from the arrival of a request's body to its answer, in milliseconds; half of it at most in the queue. */
  readonly requestMs: number;
  /** Connections of the local server and the container. */
  readonly connections: {
    /** FRS_CONNECTIONS: of all clients. */
    readonly total: number;
    /** FRS_CONNECTIONS_PER_SOURCE: of one address, or of one IPv6 network; half of all unless set. A trusted proxy may have all. */
    readonly perSource: number;
  };
  /**
   * FRS_REFUSALS_PER_SECOND: of one source; answers that refuse more wait, 10 s at most. Two and a half times as many go at once. Of the local
   * server and the container.
   */
  readonly refusals: { readonly perSecond: number; readonly capacity: number };
  /** FRS_QUEUE_MAINTENANCE (before: FRS_QUEUE_CHORES): URL of the queue of maintenance tasks; empty: the host runs them itself. */
  readonly maintenanceQueue: string;
  /** FRS_QUEUE_ENROL_DEAD: URL of the queue of uploads that can't be enrolled. */
  readonly deadLetterQueue: string;
  /** FRS_ENROL_SECONDS, in milliseconds; 0: never. */
  readonly enrolEveryMs: number;
  /** FRS_S3_PUBLIC_URL: S3 as clients reach it; undefined: as the service does. */
  readonly publicS3Endpoint: string | undefined;
  /** FRS_ENROL_REMOVE: deleting an uploaded photo removes its faces. */
  readonly removeWithObject: boolean;
  /** FRS_STORE_CROPS: of each face that is enrolled, a small picture is kept, sealed. */
  readonly storeCrops: boolean;
  /** FRS_HOST as given; undefined: the host's own choice. */
  readonly host: string | undefined;
  /** PORT; the embedded S3 takes the next one. */
  readonly port: number;
  /** FRS_TRUSTED_PROXIES: addresses and networks whose X-Forwarded-For and Forwarded are believed. */
  readonly trustedProxies: readonly string[];
  /** FRS_METRICS_PORT, FRS_METRICS_HOST and FRS_METRICS_TOKEN: where `/metrics` is answered; nowhere unless set. */
  readonly metrics: {
    readonly port: number | undefined;
    readonly host: string;
    readonly token: string | undefined;
  };
  /** FRS_CONSOLE: also the web console and the API's description. */
  readonly console: boolean;
  /** FRS_FORWARDED_HEADER */
  readonly forwardedHeader: 'x-forwarded-for' | 'forwarded';
  /** FRS_TLS_CERTIFICATE and FRS_TLS_KEY, in PEM; undefined: plain HTTP. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  /** FRS_DRAIN_SECONDS, in milliseconds: requests are still taken for so long after SIGTERM. */
  readonly drainMs: number;
  /** FRS_LOG_LEVEL */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** In the repository, wherever the process was started; a bundle is told by FRS_MODELS_DIR. */
const ownModels = fileURLToPath(new URL('../../../.models', import.meta.url));

const mebibyte = 1024 * 1024;

/** @throws Error that names the variable and says what it must be */
export function readConfig(environment: Environment = process.env): Config {
  const given = readSettings(environment);
  const refusals = given.FRS_REFUSALS_PER_SECOND ?? 20;
  const connections = given.FRS_CONNECTIONS ?? 2000;
  const bodyBytes = given.FRS_BODY_BYTES ?? 128 * mebibyte;
  const visionWorkers = Math.min(8, Math.max(2, Math.ceil(availableParallelism() / 2)));
  return {
    aws: awsConfig(given),
    dataTable: given.FRS_TABLE_DATA ?? 'openfrs-data',
    accountsTable: given.FRS_TABLE_ACCOUNTS ?? 'openfrs-accounts',
    limitsTable: given.FRS_TABLE_LIMITS ?? 'openfrs-limits',
    indexBucket: given.FRS_BUCKET_INDEX ?? 'openfrs-index',
    mediaBucket: given.FRS_BUCKET ?? 'openfrs-media',
    modelsDir: resolve(given.FRS_MODELS_DIR ?? ownModels),
    region: given.FRS_REGION ?? '',
    dataDir: resolve(given.FRS_DATA_DIR ?? '.data'),
    secretKey: given.FRS_SECRET_KEY ?? '',
    publicHosts: given.FRS_PUBLIC_HOSTS ?? [],
    trustForwardedHost: given.FRS_TRUST_FORWARDED_HOST ?? false,
    mediaHosts: given.FRS_MEDIA_HOSTS ?? [],
    minFacePx: given.FRS_MIN_FACE_PX ?? 40,
    challengeMs: (given.FRS_CHALLENGE_SECONDS ?? 60) * 1000,
    video: videoConfig(given),
    searchCacheBytes: given.FRS_SEARCH_CACHE_BYTES,
    admission: {
      running: given.FRS_HEAVY_RUNNING ?? 2 * availableParallelism(),
      waiting: given.FRS_HEAVY_WAITING ?? 512,
      bodyBytes,
      pictureBytes: Math.round(bodyBytes * 0.625) * visionWorkers,
    },
    visionWorkers,
    requestMs: (given.FRS_REQUEST_SECONDS ?? 60) * 1000,
    refusals: {
      perSecond: refusals,
      // A browser asks for all that a page needs.
      capacity: Math.ceil(2.5 * refusals),
    },
    connections: {
      total: connections,
      perSource: given.FRS_CONNECTIONS_PER_SOURCE ?? Math.ceil(connections / 2),
    },
    // The old name is read for one release.
    maintenanceQueue: given.FRS_QUEUE_MAINTENANCE ?? given.FRS_QUEUE_CHORES ?? '',
    deadLetterQueue: given.FRS_QUEUE_ENROL_DEAD ?? '',
    enrolEveryMs: (given.FRS_ENROL_SECONDS ?? 15) * 1000,
    publicS3Endpoint: given.FRS_S3_PUBLIC_URL,
    removeWithObject: given.FRS_ENROL_REMOVE ?? false,
    storeCrops: given.FRS_STORE_CROPS ?? false,
    host: given.FRS_HOST,
    port: given.PORT ?? 8080,
    trustedProxies: given.FRS_TRUSTED_PROXIES ?? [],
    metrics: {
      port: given.FRS_METRICS_PORT,
      host: given.FRS_METRICS_HOST ?? '127.0.0.1',
      token: given.FRS_METRICS_TOKEN,
    },
    console: !['', '0'].includes(given.FRS_CONSOLE ?? ''),
    forwardedHeader: given.FRS_FORWARDED_HEADER ?? 'x-forwarded-for',
    tls: tlsConfig(given),
    logLevel: given.FRS_LOG_LEVEL ?? 'info',
    drainMs: (given.FRS_DRAIN_SECONDS ?? 5) * 1000,
  };
}

function tlsConfig({ FRS_TLS_CERTIFICATE: certificate, FRS_TLS_KEY: key }: SettingValues): Config['tls'] {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined) throw new Error('FRS_TLS_KEY takes FRS_TLS_CERTIFICATE, its certificate.');
  if (key === undefined) throw new Error('FRS_TLS_CERTIFICATE takes FRS_TLS_KEY, its private key.');
  return { certificate, key };
}

function videoConfig({
  FFMPEG_PATH: ffmpegPath,
  FFMPEG_CORE_PATH: corePath,
  FRS_VIDEO_WORKER: workerPath,
}: SettingValues): Config['video'] {
  return {
    ...(ffmpegPath && { ffmpegPath }),
    ...(corePath && { corePath }),
    ...(workerPath && { workerPath }),
  };
}

function awsConfig(given: SettingValues): AwsConfig {
  const {
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint,
    AWS_ENDPOINT_URL_S3: s3Endpoint,
    AWS_ENDPOINT_URL_SQS: sqsEndpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = given;
  return {
    ...(region && { region }),
    ...(dynamodbEndpoint && { dynamodbEndpoint }),
    ...(s3Endpoint && { s3Endpoint }),
    ...(sqsEndpoint && { sqsEndpoint }),
    ...(accessKeyId && secretAccessKey && !sessionToken && { credentials: { accessKeyId, secretAccessKey } }),
  };
}
