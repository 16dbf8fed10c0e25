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
  latencyAlarms(alarm);
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: `${$app.name}-${$app.stage}`,
    dashboardBody: $jsonStringify({ widgets: widgets(operations.map(({ name }) => name)) }),
  });
}

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
  const graph = (title: string, metric: string, stat: string, position: number) => ({
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
      metrics: operations.map((operation) => ['openfrs', metric, 'operation', operation]),
    },
  });
  return [
    graph('Requests', 'requests', 'Sum', 0),
    graph('Errors', 'errors', 'Sum', 1),
    graph('Latency, p99 (ms)', 'milliseconds', 'p99', 2),
    graph('Cold starts', 'coldStarts', 'Sum', 3),
  ];
}
