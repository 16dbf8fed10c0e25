import { type DeploymentContext, functionArgs } from './functions.ts';
import { maintenancePermissions, needPermissions, seeMissing } from './permissions.ts';

/**
 * Functions that enrol at a time. Without a limit the poller asks for more than the account may run (10 in a new one), and each
 * message that Lambda throttles counts as received: after five times a good photo would be among the dead letters.
 */
const maxConcurrency = 5;

/**
 * A photo put under `enrol/` becomes a face: S3 → queue → `enrol-upload`. What fails for good (no face, not
 * a picture) is put into the dead-letter queue by the function itself, with the contract's code as an
 * attribute; what fails for a moment is retried five times and ends there too.
 */
export function enrolment(context: DeploymentContext): { queue: sst.aws.Queue; dead: sst.aws.Queue } {
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
    dlq: { queue: dead.arn, retry: 5 },
  });
  const args = functionArgs(context, {
    handler: 'functions/events/enrol-upload.handler',
    description: 'Enrols photos put under enrol/',
    needs: ['vision', 'faces:write'],
    checksCallers: false,
    permissions: [
      { actions: ['dynamodb:GetItem'], resources: [storage.accounts.arn] },
      { actions: ['s3:GetObject'], resources: [$interpolate`${storage.media.arn}/enrol/*`] },
      seeMissing(storage.media),
      ...needPermissions('faces:write', storage),
      { actions: ['sqs:SendMessage'], resources: [dead.arn, context.tasks.arn] },
    ],
  });
  queue.subscribe(
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
  return { queue, dead };
}

/** The work behind writes: FIFO, grouped by set, so that one function at a time works on a set. */
export function taskQueue(): sst.aws.Queue {
  const dead = new sst.aws.Queue('ChoresDead', { fifo: true });
  return new sst.aws.Queue('Chores', {
    fifo: { contentBasedDeduplication: true },
    visibilityTimeout: '15 minutes',
    // A task that fails again and again must not hold up the set's others; the sweep does what was given up.
    dlq: { queue: dead.arn, retry: 3 },
  });
}

/** Compaction on demand, and a sweep every ten minutes: repairs, clean-up behind deletions, orphans. */
export function maintenanceFunctions(context: DeploymentContext): void {
  const args = functionArgs(context, {
    handler: 'functions/events/keep-index.handler',
    description: 'Writes new segments of the search index and clears deleted sets away',
    needs: ['faces:write'],
    permissions: maintenancePermissions(context.storage),
    checksCallers: false,
  });
  context.tasks.subscribe(
    { ...args, memory: '3008 MB', timeout: '15 minutes' },
    { batch: { size: 1, partialResponses: true } },
  );
  const sweep = functionArgs(context, {
    handler: 'functions/events/sweep.handler',
    description: 'Repairs, cleans up behind deletions and compacts what was forgotten',
    needs: ['faces:write'],
    permissions: maintenancePermissions(context.storage),
    checksCallers: false,
  });
  new sst.aws.CronV2('Sweep', {
    schedule: 'rate(10 minutes)',
    function: { ...sweep, memory: '3008 MB', timeout: '15 minutes' },
  });
}
