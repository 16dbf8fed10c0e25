import { type Operation, operations } from '@openfrs/contract/operations';
import type { Settings } from './settings.ts';

type AlarmArgs = Omit<
  aws.cloudwatch.MetricAlarmArgs,
  'alarmActions' | 'comparisonOperator' | 'evaluationPeriods'
> &
  Partial<Pick<aws.cloudwatch.MetricAlarmArgs, 'comparisonOperator' | 'evaluationPeriods'>>;
type Alarm = (name: string, args: AlarmArgs) => void;

interface Watched {
  readonly gateway: sst.aws.ApiGatewayV2;
  readonly deadLetters: Readonly<Record<'enrolments' | 'maintenance', sst.aws.Queue>>;
  /** The names of all functions. */
  readonly functions: readonly $util.Output<string>[];
  readonly sweep: $util.Output<string>;
}

/** CloudWatch computes an alarm from so many metrics at most. */
const metricsAtMost = 10;

/** Alarms that mean someone should look, and a dashboard of what the functions emit (EMF, namespace openfrs). */
export function alarms(settings: Settings, { gateway, deadLetters, functions, sweep }: Watched): void {
  const topic = new aws.sns.Topic('Alarms');
  if (settings.alarmEmail !== undefined) {
    new aws.sns.TopicSubscription('AlarmEmail', {
      topic: topic.arn,
      protocol: 'email',
      endpoint: settings.alarmEmail,
    });
  }
  const alarm: Alarm = (name, args) => {
    new aws.cloudwatch.MetricAlarm(name, {
      comparisonOperator: 'GreaterThanThreshold',
      evaluationPeriods: 2,
      treatMissingData: 'notBreaching',
      alarmActions: [topic.arn],
      ...args,
    });
  };
  alarm('ServerErrors', {
    alarmDescription: 'More than five answers of the 500 kind in five minutes',
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensions: { ApiId: gateway.nodes.api.id },
    statistic: 'Sum',
    period: 300,
    threshold: 5,
  });
  deadLetterAlarm(
    alarm,
    'DeadLetters',
    'A photo put for enrolment could not be enrolled',
    deadLetters.enrolments,
  );
  deadLetterAlarm(
    alarm,
    'ChoresDeadLetters',
    'Maintenance of a face set failed again and again; the sweep goes on trying',
    deadLetters.maintenance,
  );
  functionAlarms(alarm, 'Errors', 'A function failed, ran out of time or out of memory', functions);
  functionAlarms(
    alarm,
    'Throttles',
    'Calls of a function were refused: the account runs too many at once',
    functions,
  );
  alarm('SweepSilent', {
    alarmDescription: 'The sweep, due every ten minutes, has not run for an hour',
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: { FunctionName: sweep },
    statistic: 'Sum',
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    period: 1800,
    treatMissingData: 'breaching',
  });
  alarm('StoreFailures', {
    alarmDescription:
      'More than twenty calls of DynamoDB, S3 or SQS failed or were throttled in five minutes',
    ...ofAll('storeFailures', 'Sum', 300),
    threshold: 20,
  });
  alarm('MaintenanceBehind', {
    alarmDescription:
      'The sweep found more than twenty segments to write, again and again: first searches get slow',
    ...ofAll('compactionPiecesDue', 'Maximum', 900),
    evaluationPeriods: 3,
    threshold: 20,
  });
  alarm('EnrolmentLag', {
    alarmDescription: 'Photos under enrol/ were put more than a quarter of an hour before they became faces',
    ...ofAll('enrolmentLagSeconds', 'Maximum', 900),
    threshold: 900,
  });
  latencyAlarms(alarm);
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: `${$app.name}-${$app.stage}`,
    dashboardBody: $jsonStringify({ widgets: widgets(operations.map(({ name }) => name)) }),
  });
}

/** A metric of all functions together. */
const ofAll = (metricName: WorkMetric, statistic: string, period: number) => ({
  ...{ namespace: 'openfrs', metricName, statistic, period },
});

/** As the functions emit them (`packages/http/src/metrics.ts`). */
type WorkMetric = (typeof workMetrics)[number];
const workMetrics = [
  'storeFailures',
  'storeMilliseconds',
  'compactionPiecesDue',
  'sweepSeconds',
  'sweepFailures',
  'maintenanceSeconds',
  'maintenanceFailures',
  'enrolmentLagSeconds',
  'enrolmentFailures',
] as const;
/** Of vision, milliseconds of a request. */
const stages = ['decode', 'detect', 'mesh', 'embed', 'attributes', 'decode-video', 'anti-spoof'] as const;

function deadLetterAlarm(alarm: Alarm, name: string, alarmDescription: string, queue: sst.aws.Queue): void {
  alarm(name, {
    alarmDescription,
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: 'Maximum',
    period: 300,
    threshold: 0,
  });
}

/** Any of the functions, in five minutes: as many alarms as their number takes. */
function functionAlarms(
  alarm: Alarm,
  metricName: 'Errors' | 'Throttles',
  alarmDescription: string,
  functions: readonly $util.Output<string>[],
): void {
  for (const [index, names] of inGroups(functions, metricsAtMost).entries()) {
    alarm(`Function${metricName}${index + 1}`, {
      alarmDescription,
      evaluationPeriods: 1,
      threshold: 0,
      metricQueries: [
        { id: 'all', expression: 'SUM(FILL(METRICS(), 0))', label: metricName, returnData: true },
        ...names.map((FunctionName, at) => ({
          id: `m${at}`,
          metric: {
            namespace: 'AWS/Lambda',
            metricName,
            dimensions: { FunctionName },
            stat: 'Sum',
            period: 300,
          },
        })),
      ],
    });
  }
}

/**
 * What an operation may take, in milliseconds, by what it does: a video is decoded and judged frame by frame, a picture is looked
 * at, records are read.
 */
const latencyLimits = [
  { name: 'LatencyVideo', limit: 20_000, has: 'video' },
  { name: 'Latency', limit: 5000, has: 'vision' },
  { name: 'LatencyRecords', limit: 2000, has: undefined },
] as const;

/** Below this a hundredth is one request, mostly the one that met a cold start. */
const requestsToTell = 100;
const quarterHour = 900;

/**
 * The slowest hundredth of an operation, over three quarters of an hour, each with enough requests to tell. All of API Gateway
 * together would be slow wherever a video is judged or a function starts.
 */
function latencyAlarms(alarm: Alarm): void {
  for (const { name, limit, has } of latencyLimits) {
    const own = operations.filter((operation) => latencyClass(operation) === has);
    const groups = inGroups(own, metricsAtMost / 2);
    for (const [index, group] of groups.entries()) {
      const judged = group.map((_, at) => `IF(n${at} >= ${requestsToTell}, p${at}, 0)`);
      alarm(groups.length === 1 ? name : `${name}${index + 1}`, {
        alarmDescription: `One request in a hundred of an operation takes more than ${limit / 1000} seconds`,
        evaluationPeriods: 3,
        threshold: limit,
        metricQueries: [
          {
            id: 'slowest',
            expression: judged.length === 1 ? (judged[0] as string) : `MAX([${judged.join(', ')}])`,
            label: 'p99 of the slowest operation',
            returnData: true,
          },
          ...group.flatMap((operation, at) => [
            { id: `p${at}`, metric: milliseconds(operation, 'p99') },
            { id: `n${at}`, metric: milliseconds(operation, 'SampleCount') },
          ]),
        ],
      });
    }
  }
}

const latencyClass = ({ needs }: Operation) =>
  (['video', 'vision'] as const).find((need) => needs.some((one) => one === need));

const milliseconds = ({ name }: Operation, stat: string) => ({
  namespace: 'openfrs',
  metricName: 'milliseconds',
  dimensions: { operation: name },
  stat,
  period: quarterHour,
});

function inGroups<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}

function widgets(operations: readonly string[]): unknown[] {
  const graph = (title: string, metrics: readonly (readonly string[])[], stat: string, position: number) => ({
    type: 'metric',
    x: (position % 2) * 12,
    y: Math.floor(position / 2) * 6,
    width: 12,
    height: 6,
    properties: {
      title,
      region: aws.getRegionOutput().name,
      view: 'timeSeries',
      stat,
      metrics,
    },
  });
  const each = (metric: string) => operations.map((operation) => ['openfrs', metric, 'operation', operation]);
  const all = (names: readonly string[]) => names.map((name) => ['openfrs', name]);
  return [
    graph('Requests', each('requests'), 'Sum', 0),
    graph('Errors', each('errors'), 'Sum', 1),
    graph('Latency, p99 (ms)', each('milliseconds'), 'p99', 2),
    graph('Cold starts', each('coldStarts'), 'Sum', 3),
    graph('Models, half of the requests (ms)', all(stages.map((stage) => `${stage}Milliseconds`)), 'p50', 4),
    graph('Stores, p99 of a request (ms)', all(['storeMilliseconds']), 'p99', 5),
    graph(
      'Failures',
      all(['storeFailures', 'sweepFailures', 'maintenanceFailures', 'enrolmentFailures']),
      'Sum',
      6,
    ),
    graph(
      'Maintenance: segments due, seconds of a sweep and of a task',
      all(['compactionPiecesDue', 'sweepSeconds', 'maintenanceSeconds']),
      'Maximum',
      7,
    ),
    graph('From a photo under enrol/ to its faces (s)', all(['enrolmentLagSeconds']), 'p90', 8),
  ];
}
