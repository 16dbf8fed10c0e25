import { readFileSync } from 'node:fs';
import { operations } from '@openfrs/contract';
import { describe, expect, inject, test } from 'vitest';
import { operationOfFunction, routeProblems } from './expected-routes.ts';
import type { Plan } from './plan.ts';
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
      expect(Number(memorySize)).toBeGreaterThanOrEqual(needs.has('vision') ? 1769 : 512);
      expect(Number(memorySize)).toBeLessThanOrEqual(3008);
      expect(Number(timeout)).toBeLessThan(30);
    }
  });

  test('keep their logs for a month', () => {
    const groups = resourcesOf(plan, 'aws:cloudwatch/logGroup:LogGroup');
    expect(groups).toHaveLength(functionNames(plan).length + 1);
    for (const { inputs } of groups) expect(inputs.retentionInDays).toBe(30);
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

  test('tries again five times, then keeps the message for two weeks', () => {
    const queue = resourceOf(plan, 'aws:sqs/queue:Queue', 'EnrolQueue').inputs;
    const redrive = JSON.parse(String(queue.redrivePolicy)) as Record<string, unknown>;
    expect(redrive).toMatchObject({
      maxReceiveCount: 5,
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

  test('and the maintenance tasks report failed messages one by one, and no message comes back while it is worked on', () => {
    const mappings = resourcesOf(plan, 'aws:lambda/eventSourceMapping:EventSourceMapping');
    expect(mappings).toHaveLength(2);
    for (const { name, inputs } of mappings) {
      expect(inputs.functionResponseTypes).toEqual(['ReportBatchItemFailures']);
      const subscriber = name.replace(/EventSourceMapping$/, 'Function');
      const queue = resourceOf(plan, 'aws:sqs/queue:Queue', name.replace(/Subscriber.*/, 'Queue')).inputs;
      expect(Number(queue.visibilityTimeoutSeconds)).toBeGreaterThanOrEqual(
        Number(functionOf(plan, subscriber).timeout),
      );
      expect(queue.redrivePolicy).toContain('maxReceiveCount');
    }
  });
});

describe('what tells that something is wrong', () => {
  test('are alarms on faults, slowness and dead letters, to a topic', () => {
    const alarms = resourcesOf(plan, 'aws:cloudwatch/metricAlarm:MetricAlarm');
    expect(alarms.map(({ name }) => name).sort()).toEqual(['DeadLetters', 'Latency', 'ServerErrors']);
    for (const { inputs } of alarms) expect(inputs.alarmActions).toEqual([expect.stringContaining('Alarms')]);
  });

  test('is a dashboard over the metrics of every operation', () => {
    const { inputs } = only(resourcesOf(plan, 'aws:cloudwatch/dashboard:Dashboard'));
    for (const { name } of operations) expect(inputs.dashboardBody).toContain(`"${name}"`);
  });
});
