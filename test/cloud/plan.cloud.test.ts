import { readFileSync } from 'node:fs';
import { operations } from '@openfrs/contract';
import {
  enrolmentsEnded,
  stagesEnded,
  storeCallsEnded,
  sweepsEnded,
  tasksEnded,
} from '@openfrs/core/observation';
import { sdkVariables, startEmbedded } from '@openfrs/embedded';
import { metricsLog, workMetricsLog } from '@openfrs/http';
import { createClients, createTables } from '@openfrs/store';
import { describe, expect, inject, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { operationOfFunction, routeProblems } from './expected-routes.ts';
import { keyInSsm, type Plan } from './plan.ts';
import {
  environmentOf,
  functionNames,
  functionOf,
  isSecret,
  resourceOf,
  resourcesOf,
  routesOf,
} from './plan-facts.ts';

const plan = JSON.parse(readFileSync(inject('prepared').plan, 'utf8')) as Plan;

const only = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T;
};

describe('the routes of a deployment', () => {
  test('are those of the table of operations, each to its own function, and one for all other paths', () => {
    expect(routeProblems(routesOf(plan))).toEqual([]);
  });

  test('are missed when one is gone, and noticed when there is one too many or one leads elsewhere', () => {
    const routes = routesOf(plan);
    for (const left of routes) expect(routeProblems(routes.filter((one) => one !== left))).toHaveLength(1);
    expect(routeProblems([...routes, { key: 'GET /v2/more', function: 'FaceList' }])).toHaveLength(1);
    const astray = routes.map((one) => (one.function === 'FaceAdd' ? { ...one, function: 'FaceList' } : one));
    expect(routeProblems(astray)).toHaveLength(1);
  });

  test('are throttled, logged for a month and closed to browsers of other origins', () => {
    const stage = only(resourcesOf(plan, 'aws:apigatewayv2/stage:Stage')).inputs;
    expect(stage.defaultRouteSettings).toMatchObject({
      throttlingBurstLimit: 500,
      throttlingRateLimit: 1000,
      detailedMetricsEnabled: true,
    });
    expect(stage.accessLogSettings).toMatchObject({ format: expect.stringContaining('requestId') });
    const api = only(resourcesOf(plan, 'aws:apigatewayv2/api:Api')).inputs;
    expect(api).toMatchObject({ protocolType: 'HTTP', corsConfiguration: {} });
  });
});

describe('the functions of a deployment', () => {
  const layersOf = (name: string) =>
    ((functionOf(plan, name).layers ?? []) as string[]).map((arn) => arn.split('-').at(-1));

  test('are one for each operation, one for unknown paths and three for events', () => {
    const expected = [...operations.map(operationOfFunction), 'UnknownPath', 'SweepHandler'];
    const subscribers = functionNames(plan).filter((name) => !expected.includes(name));
    expect(subscribers.map((name) => name.replace(/Subscriber.*/, '')).sort()).toEqual(['Chores', 'Enrol']);
    expect(functionNames(plan)).toHaveLength(expected.length + 2);
  });

  test('run on Node 24 on the processor of the setting, as zips, without tracing by default', () => {
    const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
    for (const name of functionNames(plan)) {
      expect(functionOf(plan, name)).toMatchObject({
        runtime: 'nodejs24.x',
        architectures: [architecture],
        packageType: 'Zip',
        handler: 'bundle.handler',
        tracingConfig: { mode: 'PassThrough' },
        loggingConfig: { logFormat: 'JSON' },
      });
    }
  });

  test('have the layers that their needs take and no other', () => {
    for (const operation of operations) {
      const needs = new Set<string>(operation.needs);
      const expected = [
        ...(needs.has('vision') ? ['native', 'models'] : []),
        ...(needs.has('video') ? ['ffmpeg'] : []),
      ];
      expect([operation.name, layersOf(operationOfFunction(operation))]).toEqual([operation.name, expected]);
    }
    expect(layersOf('UnknownPath')).toEqual([]);
    expect(layersOf('SweepHandler')).toEqual([]);
  });

  test('have memory for what they hold, within what a new account may have, and answer before the gateway gives up', () => {
    for (const operation of operations) {
      const { memorySize, timeout } = functionOf(plan, operationOfFunction(operation));
      const needs = new Set<string>(operation.needs);
      const computes = needs.has('vision') || needs.has('passwords');
      expect(Number(memorySize)).toBeGreaterThanOrEqual(computes ? 1769 : 512);
      expect(Number(memorySize)).toBeLessThanOrEqual(3008);
      expect(Number(timeout)).toBeLessThan(30);
    }
  });

  test('keep their logs for a month', () => {
    const groups = resourcesOf(plan, 'aws:cloudwatch/logGroup:LogGroup');
    expect(groups).toHaveLength(functionNames(plan).length + 1);
    for (const { inputs } of groups) expect(inputs.retentionInDays).toBe(30);
  });

  test('get the key that lies in SSM now, as a rotated one does', () => {
    for (const operation of operations) {
      expect(environmentOf(plan, operationOfFunction(operation)).FRS_SECRET_KEY).toBe(keyInSsm);
    }
  });

  test('get the secret key as a secret: encrypted in the state, never an output', () => {
    const parameter = resourceOf(plan, 'aws:ssm/parameter:Parameter', 'SecretKey').inputs;
    expect(parameter.type).toBe('SecureString');
    expect(isSecret(parameter.value)).toBe(true);
    const functions = operations.map(operationOfFunction);
    for (const name of functionNames(plan)) {
      const knows = 'FRS_SECRET_KEY' in environmentOf(plan, name);
      expect([name, knows]).toEqual([name, functions.includes(name)]);
      if (knows) expect(isSecret(functionOf(plan, name).environment)).toBe(true);
    }
    const value = (parameter.value as { value: string }).value;
    expect(value.length).toBeGreaterThan(40);
    expect(JSON.stringify(plan.outputs)).not.toContain(value);
  });
});

describe('the stores of a deployment', () => {
  test('are tables on demand, encrypted, with a time to live, and recoverable where nothing can be rebuilt', () => {
    const tables = resourcesOf(plan, 'aws:dynamodb/table:Table');
    expect(tables.map(({ name }) => name).sort()).toEqual(['AccountsTable', 'DataTable', 'LimitsTable']);
    for (const { name, inputs } of tables) {
      expect(inputs).toMatchObject({
        billingMode: 'PAY_PER_REQUEST',
        hashKey: 'pk',
        rangeKey: 'sk',
        ttl: { attributeName: 'expires', enabled: true },
        serverSideEncryption: { enabled: true },
        pointInTimeRecovery: { enabled: name !== 'LimitsTable' },
      });
    }
  });

  test('are private buckets, encrypted, over TLS only', () => {
    const names = resourcesOf(plan, 'aws:s3/bucket:Bucket').map(({ inputs }) => String(inputs.bucket));
    expect(names).toHaveLength(2);
    const of = (type: string) =>
      new Map(resourcesOf(plan, type).map(({ inputs }) => [String(inputs.bucket), inputs]));
    const blocks = of('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock');
    const encryptions = of(
      'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
    );
    const policies = of('aws:s3/bucketPolicy:BucketPolicy');
    for (const name of names) {
      expect(blocks.get(name)).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(JSON.stringify(encryptions.get(name))).toContain('AES256');
      const { Statement } = JSON.parse(String(policies.get(name)?.policy)) as { Statement: unknown[] };
      expect(Statement).toHaveLength(1);
      expect(Statement[0]).toMatchObject({
        Effect: 'Deny',
        Resource: [expect.any(String), expect.any(String)],
      });
      expect(JSON.stringify(Statement[0])).toContain('aws:SecureTransport');
    }
  });

  test('open no bucket but that of uploads to browsers of other origins', () => {
    const open = resourcesOf(plan, 'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration');
    expect(open.map(({ inputs }) => String(inputs.bucket))).toEqual([expect.stringMatching(/MediaBucket/i)]);
  });

  test('forget uploaded media within a day and never enrolled photos or segments', () => {
    const rules = resourcesOf(
      plan,
      'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
    ).flatMap(
      ({ inputs }) => inputs.rules as { filter: { prefix: string }; expiration?: { days: number } }[],
    );
    const expiring = rules.filter(({ expiration }) => expiration !== undefined);
    expect(only(expiring)).toMatchObject({ filter: { prefix: 'uploads/' }, expiration: { days: 1 } });
  });
});

describe('enrolment by upload', () => {
  test('is told of objects under enrol/ only', () => {
    const { inputs } = only(resourcesOf(plan, 'aws:s3/bucketNotification:BucketNotification'));
    const queue = only(inputs.queues as Record<string, unknown>[]);
    expect(queue).toMatchObject({
      events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
      filterPrefix: 'enrol/',
      queueArn: expect.stringContaining('EnrolQueue'),
    });
    expect([inputs.lambdaFunctions, inputs.topics]).toEqual([[], []]);
  });

  test('tries again for 15 hours, then keeps the message for two weeks', () => {
    const queue = resourceOf(plan, 'aws:sqs/queue:Queue', 'EnrolQueue').inputs;
    const redrive = JSON.parse(String(queue.redrivePolicy)) as Record<string, unknown>;
    expect(redrive).toMatchObject({
      maxReceiveCount: 300,
      deadLetterTargetArn: expect.stringContaining('EnrolDeadQueue'),
    });
    expect(resourceOf(plan, 'aws:sqs/queue:Queue', 'EnrolDeadQueue').inputs.messageRetentionSeconds).toBe(
      1209600,
    );
  });

  test('takes as many at a time as even a new account may run: a throttled message would count as received', () => {
    const mapping = only(
      resourcesOf(plan, 'aws:lambda/eventSourceMapping:EventSourceMapping').filter(({ name }) =>
        name.startsWith('EnrolSubscriber'),
      ),
    );
    expect(mapping.inputs.scalingConfig).toEqual({ maximumConcurrency: 5 });
  });

  test('takes events of its bucket alone', () => {
    const policies = resourcesOf(plan, 'aws:sqs/queuePolicy:QueuePolicy');
    expect(policies.length).toBeGreaterThan(0);
    for (const { name, inputs } of policies) {
      const { Statement } = JSON.parse(String(inputs.policy)) as { Statement: Record<string, unknown>[] };
      for (const statement of Statement) {
        expect([name, statement.Principal]).toEqual([
          name,
          [{ type: 'Service', identifiers: ['s3.amazonaws.com'] }],
        ]);
        expect(statement.Condition).toEqual([
          {
            test: 'ArnEquals',
            variable: 'aws:SourceArn',
            values: [expect.stringMatching(/^arn:aws:s3:::.*media/i)],
          },
          { test: 'StringEquals', variable: 'aws:SourceAccount', values: ['123456789012'] },
        ]);
      }
    }
  });

  test('and the maintenance tasks report failed messages one by one, and none comes back before six times the time of its function', () => {
    const mappings = resourcesOf(plan, 'aws:lambda/eventSourceMapping:EventSourceMapping');
    expect(mappings).toHaveLength(2);
    for (const { name, inputs } of mappings) {
      expect(inputs.functionResponseTypes).toEqual(['ReportBatchItemFailures']);
      const subscriber = name.replace(/EventSourceMapping$/, 'Function');
      const queue = resourceOf(plan, 'aws:sqs/queue:Queue', name.replace(/Subscriber.*/, 'Queue')).inputs;
      expect([name, Number(queue.visibilityTimeoutSeconds)]).toEqual([
        name,
        expect.toSatisfy((seconds: number) => seconds >= 6 * Number(functionOf(plan, subscriber).timeout)),
      ]);
      // SQS allows no more.
      expect(Number(queue.visibilityTimeoutSeconds)).toBeLessThanOrEqual(12 * 3600);
      expect(queue.redrivePolicy).toContain('maxReceiveCount');
    }
  });
});

describe('what a deployment prints', () => {
  test('names a command that makes the first account, in the stores of the deployment', async () => {
    const [, line = ''] =
      /^npx sst shell --stage ci -- npx openfrs (.*)$/.exec(plan.outputs.firstAccount ?? '') ?? [];
    const embedded = await startEmbedded();
    const clients = createClients({ ...embedded, credentials: embedded });
    try {
      const deployed = environmentOf(plan, 'FaceAdd');
      await createTables(clients.dynamodb, [deployed.FRS_TABLE_ACCOUNTS ?? '']);
      // As `sst shell` hands it on.
      const environment = { ...sdkVariables(embedded), SST_RESOURCE_Deployment: JSON.stringify(deployed) };
      const { code, out, err } = await runCommand(line.split(' '), environment);
      expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
      expect(out).toContain('NAME');
    } finally {
      clients.destroy();
      await embedded.stop();
    }
  });
});

describe('what tells that something is wrong', () => {
  interface Query {
    readonly id: string;
    readonly expression?: string;
    readonly returnData?: boolean;
    readonly metric?: {
      readonly metricName: string;
      readonly namespace: string;
      readonly stat: string;
      readonly period: number;
      readonly dimensions: Readonly<Record<string, string>>;
    };
  }
  const alarms = resourcesOf(plan, 'aws:cloudwatch/metricAlarm:MetricAlarm');
  const queriesOf = (inputs: (typeof alarms)[number]['inputs']) => (inputs.metricQueries ?? []) as Query[];
  const metricsOf = (inputs: (typeof alarms)[number]['inputs']) =>
    queriesOf(inputs).flatMap(({ metric }) => (metric === undefined ? [] : [metric]));

  test('are alarms that go to a topic, each within what CloudWatch computes', () => {
    expect(alarms.length).toBeGreaterThan(5);
    for (const { inputs } of alarms) {
      expect(inputs.alarmActions).toEqual([expect.stringContaining('Alarms')]);
      expect(String(inputs.alarmDescription)).toMatch(/\w/);
      expect(metricsOf(inputs).length).toBeLessThanOrEqual(10);
      const returned = queriesOf(inputs).filter(({ returnData }) => returnData === true);
      expect(returned).toHaveLength(queriesOf(inputs).length === 0 ? 0 : 1);
    }
  });

  test('are alarms on every queue of dead letters', () => {
    const dead = resourcesOf(plan, 'aws:sqs/queue:Queue').filter(({ name }) => name.includes('Dead'));
    expect(dead).toHaveLength(2);
    const watched = alarms.filter(({ inputs }) => inputs.namespace === 'AWS/SQS');
    expect(
      watched.map(({ inputs }) => (inputs.dimensions as { QueueName: string }).QueueName).sort(),
    ).toEqual(dead.map(({ inputs }) => String(inputs.name)).sort());
    for (const { inputs } of watched) {
      expect(inputs).toMatchObject({ metricName: 'ApproximateNumberOfMessagesVisible', threshold: 0 });
    }
  });

  test.each(['Errors', 'Throttles'])('are alarms on the %s of every function', (metric) => {
    const watched = alarms.flatMap(({ inputs }) =>
      metricsOf(inputs)
        .filter(({ namespace, metricName }) => namespace === 'AWS/Lambda' && metricName === metric)
        .map(({ dimensions }) => dimensions.FunctionName),
    );
    const functions = functionNames(plan).map((name) => String(functionOf(plan, name).name));
    expect(watched.sort()).toEqual(functions.sort());
  });

  test('is a sweep that failed, or that has not run for an hour', () => {
    const sweep = String(functionOf(plan, 'SweepHandler').name);
    const own = alarms.filter(
      ({ inputs }) => (inputs.dimensions as { FunctionName?: string } | undefined)?.FunctionName === sweep,
    );
    expect(own.map(({ inputs }) => inputs)).toEqual([
      expect.objectContaining({
        metricName: 'Invocations',
        comparisonOperator: 'LessThanThreshold',
        threshold: 1,
        // Without a run there is no figure.
        treatMissingData: 'breaching',
      }),
    ]);
    expect(Number(own[0]?.inputs.period) * Number(own[0]?.inputs.evaluationPeriods)).toBe(3600);
  });

  test('is slowness, of each operation by what it does, and only where enough was asked for to tell', () => {
    const slow = alarms.filter(({ name }) => name.startsWith('Latency'));
    const judged = slow.flatMap(({ inputs }) =>
      metricsOf(inputs)
        .filter(({ stat }) => stat === 'p99')
        .map((metric) => ({ inputs, metric })),
    );
    expect(judged.map(({ metric }) => metric.dimensions.operation).sort()).toEqual(
      operations.map(({ name }) => name).sort(),
    );
    for (const { inputs, metric } of judged) {
      const operation = operations.find(({ name }) => name === metric.dimensions.operation);
      const needs = new Set<string>(operation?.needs);
      // A video alone may take half a minute: judged by the others' measure it would always be slow.
      const limit = needs.has('video') ? 20_000 : needs.has('vision') ? 5000 : 2000;
      expect([metric.dimensions.operation, inputs.threshold]).toEqual([metric.dimensions.operation, limit]);
      expect(metric).toMatchObject({ namespace: 'openfrs', metricName: 'milliseconds' });
      const { dimensions, period } = metric;
      const counts = metricsOf(inputs).filter((one) => one.stat === 'SampleCount');
      expect(counts).toContainEqual(
        expect.objectContaining({ metricName: 'milliseconds', dimensions, period }),
      );
      const [{ expression = '' } = { expression: '' }] = queriesOf(inputs).filter((one) => one.returnData);
      expect(expression).toMatch(/IF\(n\d+ >= 100, p\d+, 0\)/);
      expect(Number(inputs.evaluationPeriods)).toBeGreaterThan(1);
    }
  });

  test('is a dashboard over the metrics of every operation', () => {
    const { inputs } = only(resourcesOf(plan, 'aws:cloudwatch/dashboard:Dashboard'));
    for (const { name } of operations) expect(inputs.dashboardBody).toContain(`"${name}"`);
  });

  test('asks for no metric that the functions do not emit', () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    const log = metricsLog(write);
    workMetricsLog(write);
    const call = { store: 's3', operation: 'GetObject', startedAt: 0, headers: {} } as const;
    storeCallsEnded.publish({ call, outcome: 'ok', ms: 1 });
    const stages = ['decode', 'decode-video', 'detect', 'mesh', 'embed', 'attributes', 'anti-spoof'] as const;
    for (const name of stages) stagesEnded.publish({ name, startedAt: 0, ms: 1 });
    sweepsEnded.publish({ failures: 0, piecesDue: 0, ms: 1 });
    enrolmentsEnded.publish({ done: true, lagMs: 1 });
    tasksEnded.publish({ task: { name: 'compact', startedAt: 0 }, done: true, ms: 1 });
    log({ level: 'audit', time: '', request_id: '', operation: 'face-add', status: 200, ms: 1 });
    const emitted = new Set(written.flatMap((text) => Object.keys(JSON.parse(text) as object)));
    const { inputs } = only(resourcesOf(plan, 'aws:cloudwatch/dashboard:Dashboard'));
    const { widgets } = JSON.parse(String(inputs.dashboardBody)) as {
      widgets: { properties: { metrics: string[][] } }[];
    };
    const asked = [
      ...widgets.flatMap(({ properties }) => properties.metrics.map(([, metric]) => metric)),
      ...alarms.flatMap(({ inputs: alarm }) => [
        ...(alarm.namespace === 'openfrs' ? [String(alarm.metricName)] : []),
        ...metricsOf(alarm).flatMap(({ namespace, metricName }) =>
          namespace === 'openfrs' ? [metricName] : [],
        ),
      ]),
    ];
    expect(asked).toContain('storeFailures');
    for (const metric of asked) expect(emitted, metric).toContain(metric);
  });
});

test('the page of what it costs counts with the memory that functions get', () => {
  const page = readFileSync(new URL('../../packages/infra/COST.md', import.meta.url), 'utf8');
  const rows = operations.flatMap((row) => {
    const [, megabytes] = new RegExp(`^\\| ${row.name} +\\| (\\d+) +\\|`, 'm').exec(page) ?? [];
    return megabytes === undefined ? [] : [[row.name, Number(megabytes), operationOfFunction(row)] as const];
  });
  expect(rows.length).toBeGreaterThan(5);
  for (const [name, megabytes, own] of rows) {
    expect([name, megabytes]).toEqual([name, functionOf(plan, own).memorySize]);
  }
});
