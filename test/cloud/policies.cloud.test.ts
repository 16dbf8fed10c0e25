import { readFileSync } from 'node:fs';
import { type Operation, operations } from '@openfrs/contract';
import { describe, expect, inject, test } from 'vitest';
import { operationOfFunction } from './expected-routes.ts';
import type { PolicyStatement } from './lambda/policy.ts';
import type { Plan } from './plan.ts';
import { environmentOf, functionNames, policyOf, resourceOf, shown } from './plan-facts.ts';

const plan = JSON.parse(readFileSync(inject('prepared').plan, 'utf8')) as Plan;

/** A statement in words: the random part of names left out. */
const inShort = ({ Effect, Action, Resource }: PolicyStatement): string => {
  const resources = Resource.map((arn) =>
    arn
      .replace(/^arn:aws:(\w+):[^:]*:[^:]*:/, '$1 ')
      .replace(/openfrs-ci-(\w+?)(?:Table|Bucket|Queue)-[a-z]+/i, '$1')
      .toLowerCase(),
  );
  return `${Effect} ${[...Action].sort().join(' ')} on ${resources.join(' ')}`;
};

const reading = 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query';
const writing =
  'dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem';
const everyDoor = [
  `Allow ${reading} on dynamodb table/accounts`,
  'Allow dynamodb:UpdateItem on dynamodb table/limits',
];
const segments = ['Allow s3:GetObject on s3 index/segments/*', 'Allow s3:ListBucket on s3 index'];
const ofNeed: Readonly<Record<Operation['needs'][number], readonly string[]>> = {
  vision: [],
  video: [],
  media: ['Allow s3:GetObject on s3 media/*', 'Allow s3:ListBucket on s3 media'],
  uploads: ['Allow s3:PutObject on s3 media/uploads/*'],
  challenges: ['Allow dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on dynamodb table/data'],
  passwords: [],
  'face-sets:read': [`Allow ${reading} on dynamodb table/data`],
  'face-sets:write': [`Allow ${writing} on dynamodb table/data`],
  'faces:read': [`Allow ${reading} on dynamodb table/data`, ...segments],
  'faces:write': [`Allow ${writing} on dynamodb table/data`, ...segments],
};
const tasks = 'Allow sqs:SendMessage on sqs chores.fifo';

const names = functionNames(plan);
const subscriber = (queue: string) => names.find((name) => name.startsWith(`${queue}Subscriber`)) ?? '';

describe('the policy of a function', () => {
  test.each(operations.map((operation) => [operation.name, operation] as const))(
    'of %s is what its needs take, and nothing else',
    (_, operation: Operation) => {
      const leavesWork = operation.needs.some((need) => /^faces:|^face-sets:write/.test(need));
      const expected = [
        ...everyDoor,
        ...operation.needs.flatMap((need) => ofNeed[need]),
        ...(leavesWork ? [tasks] : []),
      ];
      const found = policyOf(plan, operationOfFunction(operation)).map(inShort);
      expect(found.sort()).toEqual(expected.sort());
    },
  );

  test('of events is what they do', () => {
    expect(policyOf(plan, subscriber('Enrol')).map(inShort).sort()).toEqual([
      `Allow ${writing} on dynamodb table/data`,
      'Allow dynamodb:GetItem on dynamodb table/accounts',
      'Allow s3:GetObject on s3 index/segments/*',
      'Allow s3:GetObject on s3 media/enrol/*',
      'Allow s3:ListBucket on s3 index',
      'Allow s3:ListBucket on s3 media',
      // SST's own, for the subscription.
      'Allow sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage on sqs enrol',
      'Allow sqs:SendMessage on sqs enroldead sqs chores.fifo',
    ]);
    const maintenance = [
      `Allow ${writing} on dynamodb table/data`,
      'Allow s3:AbortMultipartUpload s3:DeleteObject s3:GetObject s3:PutObject on s3 index/segments/*',
      'Allow s3:ListBucket on s3 index',
    ];
    expect(policyOf(plan, 'SweepHandler').map(inShort).sort()).toEqual(maintenance);
    expect(policyOf(plan, subscriber('Chores')).map(inShort).sort()).toEqual([
      ...maintenance,
      'Allow sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage on sqs chores.fifo',
    ]);
    expect(policyOf(plan, 'UnknownPath')).toEqual([]);
  });

  test('has no wildcard but for object keys', () => {
    for (const statement of names.flatMap((name) => policyOf(plan, name))) {
      for (const action of statement.Action) expect(action).not.toContain('*');
      for (const resource of statement.Resource) {
        if (resource.includes('*')) expect(resource).toMatch(/^arn:aws:s3:::[^*]+\/\*$/);
      }
    }
  });

  test('is taken on by Lambda alone, with logs as the only policy of AWS', () => {
    for (const name of names) {
      const { assumeRolePolicy, managedPolicyArns } = resourceOf(
        plan,
        'aws:iam/role:Role',
        `${name}Role`,
      ).inputs;
      const trust = shown(assumeRolePolicy);
      const document = typeof trust === 'string' ? (JSON.parse(trust) as { Statement: unknown }) : trust;
      const { Statement } = document as { Statement: unknown };
      const statements = Array.isArray(Statement) ? Statement : [Statement];
      expect(statements).toHaveLength(1);
      expect(statements[0]).toMatchObject({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
      });
      expect(managedPolicyArns).toEqual(['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']);
    }
  });

  test('knows no more queues than it may send to', () => {
    for (const name of names) {
      expect(Object.keys(environmentOf(plan, name))).not.toContain('AWS_SECRET_ACCESS_KEY');
    }
    expect(environmentOf(plan, subscriber('Enrol')).FRS_QUEUE_ENROL_DEAD).toContain('EnrolDead');
  });
});
