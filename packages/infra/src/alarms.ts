import type { Settings } from './settings.ts';

/** Alarms that mean someone should look, and a dashboard of what the functions emit (EMF, namespace openfrs). */
export function alarms(
  settings: Settings,
  parts: { gateway: sst.aws.ApiGatewayV2; dead: sst.aws.Queue; operations: readonly string[] },
): void {
  const topic = new aws.sns.Topic('Alarms');
  if (settings.alarmEmail !== undefined) {
    new aws.sns.TopicSubscription('AlarmEmail', {
      topic: topic.arn,
      protocol: 'email',
      endpoint: settings.alarmEmail,
    });
  }
  const apiId = parts.gateway.nodes.api.id;
  const alarm = (
    name: string,
    args: Omit<aws.cloudwatch.MetricAlarmArgs, 'alarmActions' | 'comparisonOperator' | 'evaluationPeriods'>,
  ) =>
    new aws.cloudwatch.MetricAlarm(name, {
      comparisonOperator: 'GreaterThanThreshold',
      evaluationPeriods: 2,
      treatMissingData: 'notBreaching',
      alarmActions: [topic.arn],
      ...args,
    });
  alarm('ServerErrors', {
    alarmDescription: 'More than five answers of the 500 kind in five minutes',
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensions: { ApiId: apiId },
    statistic: 'Sum',
    period: 300,
    threshold: 5,
  });
  alarm('Latency', {
    alarmDescription: 'One request in a hundred takes more than five seconds',
    namespace: 'AWS/ApiGateway',
    metricName: 'Latency',
    dimensions: { ApiId: apiId },
    extendedStatistic: 'p99',
    period: 300,
    threshold: 5000,
  });
  alarm('DeadLetters', {
    alarmDescription: 'A photo put for enrolment could not be enrolled',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: parts.dead.nodes.queue.name },
    statistic: 'Maximum',
    period: 300,
    threshold: 0,
  });
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: `${$app.name}-${$app.stage}`,
    dashboardBody: $jsonStringify({ widgets: widgets(parts.operations) }),
  });
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
