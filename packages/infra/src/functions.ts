import type { Need, Operation } from '@openfrs/contract/operations';
import type { Layers } from './layers.ts';
import { needPermissions, operationPermissions, type Statement, tracePermissions } from './permissions.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

/** What every function of one deployment shares. */
export interface DeploymentContext {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly layers: Layers;
  readonly secret: $util.Output<string>;
  /** FIFO queue of the work behind writes (new segments, clearing deleted sets), grouped by set. */
  readonly tasks: TaskQueue;
}

export interface TaskQueue {
  readonly queue: sst.aws.Queue;
  /** What failed again and again. */
  readonly dead: sst.aws.Queue;
}

/** Packages that come from a layer. */
const layered = ['sharp', 'onnxruntime-node', '@ffmpeg/core'];

/**
 * Where else the AWS SDK looks for credentials, imported when it does: Lambda gives them in the environment, which is looked at first.
 * They are a quarter of a small bundle, and take as long to read. Lambda's runtime has them, too.
 */
const otherCredentials = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients',
  '@aws-sdk/token-providers',
  '@smithy/credential-provider-imds',
];

const external = [...layered, ...otherCredentials];

/**
 * The SDK imports them for operations that have one; none of ours does. What is imported late is kept whole by the bundler, with all that it
 * imports. Without S3's client, which imports them at once, they may be left out.
 */
const eventStreams = '@smithy/core/event-streams';
const objects = new Set<Need>(['media', 'uploads']);
/** Which search the index: `packages/service/src/operations.ts`. */
const indexed: ReadonlySet<string> = new Set(['face-search', 'face-delete', 'face-delete-batch']);

interface GivenFunction {
  readonly handler: string;
  readonly description: string;
  readonly needs: readonly Need[];
  readonly permissions: Statement[];
  /** Does it check who calls? Only then it is given the key that opens secrets and signs tokens. */
  readonly checksCallers: boolean;
  /** May it ask S3? Else it is bundled without event streams. */
  readonly asksS3: boolean;
}

/** The arguments of a function by what it needs; those of operations and of events are made alike. */
export function functionArgs(context: DeploymentContext, given: GivenFunction): sst.aws.FunctionArgs {
  const { settings, layers } = context;
  const needs = new Set(given.needs);
  const vision = needs.has('vision');
  const video = needs.has('video');
  const keeps = needs.has('faces:read') || needs.has('faces:write');
  return {
    handler: given.handler,
    description: given.description,
    runtime: 'nodejs24.x',
    architecture: settings.architecture,
    // A vCPU comes with every 1,769 MB: models and passwords get one, which costs no more than a share of one for longer; the video's decoder and its worker get the most that a
    // new AWS account may have; a searcher holds a full set (100,000 × 192: about 150 MB) beside the models.
    memory: video ? '3008 MB' : vision || needs.has('passwords') ? '1769 MB' : keeps ? '1024 MB' : '512 MB',
    timeout: video ? '29 seconds' : '20 seconds',
    layers: [
      ...(vision ? [layers.native.arn, layers.models.arn] : []),
      ...(video ? [layers.ffmpeg.arn] : []),
    ],
    permissions: [...given.permissions, ...(settings.tracing ? [tracePermissions] : [])],
    environment: {
      ...environment(context),
      ...(given.checksCallers ? { FRS_SECRET_KEY: context.secret } : {}),
      ...(vision ? { FRS_MODELS_DIR: '/opt/models' } : {}),
      ...(video
        ? { FFMPEG_CORE_PATH: '/opt/ffmpeg/ffmpeg-core.js', FRS_VIDEO_WORKER: '/opt/ffmpeg/worker.js' }
        : {}),
    },
    logging: { retention: '1 month', format: 'json' },
    // Nobody waits for what works off a queue.
    ...(vision && given.checksCallers && settings.provisioned > 0
      ? { concurrency: { provisioned: settings.provisioned }, versioning: true }
      : {}),
    nodejs: {
      format: 'esm',
      minify: true,
      esbuild: {
        external: given.asksS3 ? external : [...external, eventStreams],
        // Nothing reads the names of functions and classes; to keep them, each is given its name as a new instance starts.
        keepNames: false,
      },
    },
    transform: {
      // SST 4.17 lets the whole account take on a function's role.
      role: (args) => {
        args.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' });
      },
      function: (args) => {
        args.tracingConfig = { mode: settings.tracing ? 'Active' : 'PassThrough' };
      },
    },
  };
}

/** Where everything is, for whoever runs our code. */
export function environment({
  storage,
  tasks,
  settings,
}: DeploymentContext): Record<string, $util.Input<string>> {
  return {
    FRS_TABLE_DATA: storage.data.name,
    FRS_TABLE_ACCOUNTS: storage.accounts.name,
    FRS_TABLE_LIMITS: storage.limits.name,
    FRS_BUCKET_INDEX: storage.index.name,
    FRS_BUCKET: storage.media.name,
    FRS_QUEUE_MAINTENANCE: tasks.queue.url,
    FRS_MEDIA_HOSTS: settings.mediaHosts,
    FRS_PUBLIC_HOSTS: settings.domain ?? '',
  };
}

/** What leaves work behind: new faces and changes, removed sets, and searches that find a segment damaged. */
const enqueuesTasks = new Set<Need>(['faces:write', 'faces:read', 'face-sets:write']);

/** What the function of an operation with these needs may do. */
export function permissionsOf({ storage, tasks }: DeploymentContext, needs: readonly Need[]): Statement[] {
  const permissions = [
    ...operationPermissions(storage),
    ...needs.flatMap((need) => needPermissions(need, storage)),
  ];
  if (needs.some((need) => enqueuesTasks.has(need))) {
    permissions.push({ actions: ['sqs:SendMessage'], resources: [tasks.queue.arn] });
  }
  return permissions;
}

/** The function of an operation. */
export function operationFunctionArgs(
  context: DeploymentContext,
  operation: Operation,
): sst.aws.FunctionArgs {
  return functionArgs(context, {
    handler: `functions/${operation.name}.handler`,
    description: operation.summary,
    needs: operation.needs,
    permissions: permissionsOf(context, operation.needs),
    checksCallers: true,
    asksS3: operation.needs.some((need) => objects.has(need)) || indexed.has(operation.name),
  });
}

/** `face-set-create` → `FaceSetCreate`: Pulumi's names of the functions. */
export function resourceName(operation: string): string {
  return operation
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
