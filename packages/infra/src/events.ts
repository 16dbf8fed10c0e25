import { type DeploymentContext, functionArgs, type TaskQueue } from './functions.ts';
import { maintenancePermissions, needPermissions, seeMissing } from './permissions.ts';

/**
 * Functions that enrol at a time. Without a limit the poller asks for more than the account may run (10 in a new one), and each
 * message that Lambda throttles counts as received.
 */
const maxConcurrency = 5;

/**
 * A photo put under `enrol/` becomes a face: S3 → queue → `enrol-upload`. What fails for good (no face, not
 * a picture) is put into the dead-letter queue by the function itself, with the contract's code as an
 * attribute; so does what failed again and again by itself. What failed for want of a store comes again for 15 hours.
 */
export function enrolment(context: DeploymentContext): {
  readonly dead: sst.aws.Queue;
  readonly functionName: $util.Output<string>;
} {
  const { storage } = context;
  const dead = new sst.aws.Queue('EnrolDead', {
    transform: {
      queue: (args) => {
        args.messageRetentionSeconds = 14 * 24 * 3600;
      },
    },
  });
  const queue = new sst.aws.Queue('Enrol', {
    // Six times the function's time limit, as Lambda's guide for SQS sources asks.
    visibilityTimeout: '3 minutes',
    // 15 hours of a store that fails; the function gives up what fails by itself, by its own count.
    dlq: { queue: dead.arn, retry: 300 },
  });
  const args = functionArgs(context, {
    handler: 'functions/events/enrol-upload.handler',
    description: 'Enrols photos put under enrol/',
    needs: ['vision', 'faces:write'],
    checksCallers: false,
    asksS3: true,
    permissions: [
      { actions: ['dynamodb:GetItem'], resources: [storage.accounts.arn] },
      { actions: ['s3:GetObject'], resources: [$interpolate`${storage.media.arn}/enrol/*`] },
      seeMissing(storage.media),
      ...needPermissions('faces:write', storage),
      { actions: ['sqs:SendMessage'], resources: [dead.arn, context.tasks.queue.arn] },
    ],
  });
  const subscriber = queue.subscribe(
    {
      ...args,
      environment: {
        ...args.environment,
        FRS_QUEUE_ENROL_DEAD: dead.url,
        FRS_ENROL_REMOVE: context.settings.removeWithObject ? '1' : '',
      },
    },
    {
      batch: { size: 5, partialResponses: true },
      transform: {
        eventSourceMapping: (args) => {
          args.scalingConfig = { maximumConcurrency: maxConcurrency };
        },
      },
    },
  );
  onlyFrom(storage.media, queue);
  storage.media.notify({
    notifications: [
      {
        name: 'Enrol',
        queue: queue.arn,
        events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
        filterPrefix: 'enrol/',
      },
    ],
  });
  return { dead, functionName: subscriber.nodes.function.name };
}

/** SST 4.17 lets every bucket, topic and rule of any account send to a queue that a bucket tells of its objects. */
function onlyFrom(bucket: sst.aws.Bucket, queue: sst.aws.Queue): void {
  $transform(aws.sqs.QueuePolicy, (args) => {
    args.policy = aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ['sqs:SendMessage'],
          resources: [queue.arn],
          principals: [{ type: 'Service', identifiers: ['s3.amazonaws.com'] }],
          conditions: [
            { test: 'ArnEquals', variable: 'aws:SourceArn', values: [bucket.arn] },
            // The name of a bucket that is gone may become someone else's.
            {
              test: 'StringEquals',
              variable: 'aws:SourceAccount',
              values: [aws.getCallerIdentityOutput().accountId],
            },
          ],
        },
      ],
    }).json;
  });
}

/** The work behind writes: FIFO, grouped by set, so that one function at a time works on a set. */
export function taskQueue(): TaskQueue {
  const dead = new sst.aws.Queue('ChoresDead', { fifo: true });
  const queue = new sst.aws.Queue('Chores', {
    fifo: { contentBasedDeduplication: true },
    // Six times the function's time limit; what failed meanwhile is done by the sweep.
    visibilityTimeout: '90 minutes',
    // A task that fails again and again must not hold up the set's others; the sweep does what was given up.
    dlq: { queue: dead.arn, retry: 3 },
  });
  return { queue, dead };
}

/** Compaction on demand, and a sweep every ten minutes: repairs, clean-up behind deletions, orphans. */
export function maintenanceFunctions(context: DeploymentContext): {
  /** Of both. */
  readonly functionNames: readonly $util.Output<string>[];
  readonly sweepName: $util.Output<string>;
} {
  const args = functionArgs(context, {
    handler: 'functions/events/keep-index.handler',
    description: 'Writes new segments of the search index and clears deleted sets away',
    needs: ['faces:write'],
    permissions: maintenancePermissions(context.storage),
    checksCallers: false,
    asksS3: true,
  });
  const subscriber = context.tasks.queue.subscribe(
    { ...args, memory: '3008 MB', timeout: '15 minutes' },
    { batch: { size: 1, partialResponses: true } },
  );
  const sweep = functionArgs(context, {
    handler: 'functions/events/sweep.handler',
    description: 'Repairs, cleans up behind deletions and compacts what was forgotten',
    needs: ['faces:write'],
    permissions: maintenancePermissions(context.storage),
    checksCallers: false,
    asksS3: true,
  });
  const cron = new sst.aws.CronV2('Sweep', {
    schedule: 'rate(10 minutes)',
    function: { ...sweep, memory: '3008 MB', timeout: '15 minutes' },
  });
  const sweepName = cron.nodes.function.name;
  return { functionNames: [subscriber.nodes.function.name, sweepName], sweepName };
}
