import { beforeAll, describe, expect, test } from 'vitest';
import { settings } from '../../packages/cloud/src/settings.ts';
import { type Plan, planCloud } from './plan.ts';
import {
  environmentOf,
  functionNames,
  functionOf,
  policyOf,
  resourceOf,
  resourcesOf,
  shown,
} from './plan-facts.ts';

const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/one';

describe('a production stage with every setting', () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planCloud(
      {
        FRS_ARCHITECTURE: process.arch === 'arm64' ? 'x86_64' : 'arm64',
        FRS_PROVISIONED: '2',
        FRS_TRACING: '1',
        FRS_MEDIA_HOSTS: 'media.example.com',
        FRS_MEDIA_BUCKETS: 'photos,more-photos',
        FRS_ALARM_EMAIL: 'ops@example.com',
        FRS_CONTAINER_DOMAIN: 'big.example.com',
        FRS_CONTAINER_CERTIFICATE: certificate,
      },
      'production',
    );
  });

  test('keeps its data when it is removed', () => {
    for (const { name, inputs } of resourcesOf(plan, 'aws:dynamodb/table:Table')) {
      expect([name, inputs.deletionProtectionEnabled]).toEqual([name, true]);
    }
    for (const type of ['aws:dynamodb/table:Table', 'aws:s3/bucket:Bucket', 'aws:ssm/parameter:Parameter']) {
      const kept = resourcesOf(plan, type);
      expect(kept.length).toBeGreaterThan(0);
      for (const { name, retained } of kept) expect([name, retained]).toEqual([name, true]);
    }
  });

  test('runs on the other processor, traced, with warm instances of what needs models', () => {
    const architecture = process.arch === 'arm64' ? 'x86_64' : 'arm64';
    for (const name of functionNames(plan)) {
      expect(functionOf(plan, name)).toMatchObject({
        architectures: [architecture],
        tracingConfig: { mode: 'Active' },
      });
    }
    const provisioned = resourcesOf(
      plan,
      'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig',
    );
    expect(provisioned.map(({ inputs }) => inputs.provisionedConcurrentExecutions)).toContain(2);
    expect(provisioned.some(({ name }) => name.startsWith('FaceSearch'))).toBe(true);
    // The routes lead to the version that has them.
    const targets = resourcesOf(plan, 'aws:apigatewayv2/integration:Integration').map(({ inputs }) =>
      String(inputs.integrationUri),
    );
    expect(targets.filter((uri) => uri.includes('FaceSearch'))).toEqual([expect.stringMatching(/:1$/)]);
  });

  test('reads the other buckets, and writes to an e-mail address', () => {
    const resources = policyOf(plan, 'FaceDetect').flatMap(({ Resource }) => Resource);
    expect(resources).toContain('arn:aws:s3:::photos/*');
    expect(resources).toContain('arn:aws:s3:::more-photos');
    expect(environmentOf(plan, 'FaceDetect').FRS_MEDIA_HOSTS).toBe('media.example.com');
    const { inputs } = resourceOf(plan, 'aws:sns/topicSubscription:TopicSubscription', 'AlarmEmail');
    expect(inputs).toMatchObject({ protocol: 'email', endpoint: 'ops@example.com' });
  });

  test('has a container of the same doors, reached over TLS only', () => {
    expect(plan.outputs.containerUrl).toBe('https://big.example.com');
    const listeners = resourcesOf(plan, 'aws:lb/listener:Listener').map(({ inputs }) => inputs);
    expect(listeners).toHaveLength(1);
    expect(listeners[0]).toMatchObject({ port: 443, protocol: 'HTTPS', certificateArn: certificate });
    const { inputs } = resourceOf(plan, 'aws:ecs/taskDefinition:TaskDefinition', 'ContainerTask');
    const [definition] = JSON.parse(String(shown(inputs.containerDefinitions))) as {
      environment: { name: string; value: string }[];
    }[];
    const names = definition?.environment.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(['FRS_TABLE_DATA', 'FRS_QUEUE_CHORES', 'FRS_SECRET_KEY']));
  });
});

describe('settings that make no sense', () => {
  test.each([
    { FRS_ARCHITECTURE: 'sparc' },
    { FRS_PROVISIONED: 'many' },
    { FRS_CONTAINER_DOMAIN: 'big.example.com' },
  ])('%o are refused before anything is planned', (setting) => {
    expect(() => settings(setting)).toThrow(/^FRS_/);
  });
});
