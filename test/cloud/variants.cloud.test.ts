import { readFileSync } from 'node:fs';
import { policy } from '@openfrs/console/policy';
import { buildSite } from '@openfrs/console/site';
import { operations } from '@openfrs/contract';
import { docsPolicy } from '@openfrs/http/docs-policy';
import { settings } from '@openfrs/infra/settings';
import { amount } from '@openfrs/testing/sample';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { operationOfFunction } from './expected-routes.ts';
import { builds, type Plan, planCloud } from './plan.ts';
import {
  environmentOf,
  functionNames,
  functionOf,
  policyOf,
  resourceOf,
  resourcesOf,
  shown,
} from './plan-facts.ts';

/** The usual deployment has no settings, in the usual partition (plan.cloud.test.ts): a run plans what is neither. */
const places = [
  { partition: 'aws-cn', region: 'cn-north-1' },
  { partition: 'aws', region: 'us-east-1' },
];
describe.each(places.slice(0, amount(1, 2)))('every setting in $partition', ({ partition, region }) => {
  const certificate = `arn:${partition}:acm:${region}:123456789012:certificate/one`;

  let plan: Plan;
  beforeAll(async () => {
    await buildSite();
    plan = await planCloud(
      {
        AWS_REGION: region,
        FRS_ARCHITECTURE: process.arch === 'arm64' ? 'x86_64' : 'arm64',
        FRS_PROVISIONED: '2',
        FRS_TRACING: '1',
        FRS_MEDIA_HOSTS: 'media.example.com',
        FRS_MEDIA_BUCKETS: 'photos,more-photos',
        FRS_ALARM_EMAIL: 'ops@example.com',
        FRS_CONTAINER_DOMAIN: 'big.example.com',
        FRS_CONTAINER_CERTIFICATE: certificate,
        FRS_CONSOLE: '1',
      },
      'production',
      // The bundles are those of the usual deployment; `all` builds them again.
      amount(1, 0) === 1 ? builds : undefined,
    );
  });

  describe('a production stage with every setting', () => {
    test('keeps its data when it is removed', () => {
      for (const { name, inputs } of resourcesOf(plan, 'aws:dynamodb/table:Table')) {
        expect([name, inputs.deletionProtectionEnabled]).toEqual([name, true]);
      }
      for (const type of [
        'aws:dynamodb/table:Table',
        'aws:s3/bucket:Bucket',
        'aws:ssm/parameter:Parameter',
      ]) {
        // The console's files can be built again.
        const kept = resourcesOf(plan, type).filter(({ name }) => !name.startsWith('Console'));
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
      // Those that need models and that somebody waits for.
      const waitedFor = operations.filter(({ needs }) => needs.some((need) => need === 'vision'));
      expect(provisioned.map(({ name }) => name.replace(/(Function)?Provisioned.*/, '')).sort()).toEqual(
        waitedFor.map(operationOfFunction).sort(),
      );
      // The routes lead to the version that has them.
      const targets = resourcesOf(plan, 'aws:apigatewayv2/integration:Integration').map(({ inputs }) =>
        String(inputs.integrationUri),
      );
      expect(targets.filter((uri) => uri.includes('FaceSearch'))).toEqual([expect.stringMatching(/:1$/)]);
    });

    test('lets every function send its traces, and none where nothing is traced', () => {
      const usual = JSON.parse(readFileSync(inject('prepared').plan, 'utf8')) as Plan;
      for (const name of functionNames(plan)) {
        const traces = policyOf(plan, name).filter(({ Action }) =>
          Action.some((one) => one.startsWith('xray:')),
        );
        expect([name, traces]).toEqual([
          name,
          [
            expect.objectContaining({
              Effect: 'Allow',
              Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
              Resource: ['*'],
            }),
          ],
        ]);
      }
      expect(JSON.stringify(functionNames(usual).map((name) => policyOf(usual, name)))).not.toContain('xray');
    });

    test('reads the other buckets, and writes to an e-mail address', () => {
      const resources = policyOf(plan, 'FaceDetect').flatMap(({ Resource }) => Resource);
      expect(resources).toContain(`arn:${partition}:s3:::photos/*`);
      expect(resources).toContain(`arn:${partition}:s3:::more-photos`);
      expect(environmentOf(plan, 'FaceDetect').FRS_MEDIA_HOSTS).toBe('media.example.com');
      const { inputs } = resourceOf(plan, 'aws:sns/topicSubscription:TopicSubscription', 'AlarmEmail');
      expect(inputs).toMatchObject({ protocol: 'email', endpoint: 'ops@example.com' });
    });

    test('has a container of the same operations, reached over TLS only', () => {
      expect(plan.outputs.containerUrl).toBe('https://big.example.com');
      const listeners = resourcesOf(plan, 'aws:lb/listener:Listener').map(({ inputs }) => inputs);
      expect(listeners).toHaveLength(1);
      expect(listeners[0]).toMatchObject({ port: 443, protocol: 'HTTPS', certificateArn: certificate });
      const { inputs } = resourceOf(plan, 'aws:ecs/taskDefinition:TaskDefinition', 'ContainerTask');
      const [definition] = JSON.parse(String(shown(inputs.containerDefinitions))) as {
        environment: { name: string; value: string }[];
        stopTimeout?: number;
      }[];
      // /ready says no for 5 s, what is under way has 60 s, closing takes 25 s at most; Fargate waits 120 s at most.
      expect(definition?.stopTimeout).toBe(90);
      const names = definition?.environment.map(({ name }) => name) ?? [];
      expect(names).toEqual(
        expect.arrayContaining(['FRS_TABLE_DATA', 'FRS_QUEUE_MAINTENANCE', 'FRS_SECRET_KEY']),
      );
    });
  });

  describe('the console of a deployment', () => {
    interface Behaviour {
      readonly pathPattern?: string;
      readonly targetOriginId: string;
      readonly responseHeadersPolicyId?: string;
      readonly [setting: string]: unknown;
    }
    interface Distribution {
      readonly origins: readonly { readonly originId: string; readonly domainName: string }[];
      readonly defaultCacheBehavior: Behaviour;
      readonly orderedCacheBehaviors: readonly Behaviour[];
      readonly customErrorResponses?: readonly unknown[];
    }
    const distribution = () =>
      shown(
        resourceOf(plan, 'aws:cloudfront/distribution:Distribution', 'ConsoleCdnDistribution').inputs,
      ) as unknown as Distribution;
    const headersOf = ({ responseHeadersPolicyId }: Behaviour) =>
      resourcesOf(plan, 'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy').find(
        ({ name }) => `${name}-id` === responseHeadersPolicyId,
      )?.inputs.securityHeadersConfig;

    test('passes the API on, untouched and uncached, so that the pages ask no other origin', () => {
      const { origins, orderedCacheBehaviors, customErrorResponses } = distribution();
      const { host } = new URL(plan.outputs.url ?? '');
      expect(origins).toContainEqual(expect.objectContaining({ originId: 'api', domainName: host }));
      const through = orderedCacheBehaviors.filter(({ targetOriginId }) => targetOriginId === 'api');
      expect(through.map(({ pathPattern }) => pathPattern)).toEqual(['/v1/*', '/v2/*', '/v3/*']);
      for (const { paths } of operations) {
        for (const path of paths) expect(path).toMatch(/^\/v[123]\//);
      }
      for (const behaviour of through) {
        expect(behaviour).toMatchObject({
          viewerProtocolPolicy: 'https-only',
          allowedMethods: expect.arrayContaining(['DELETE', 'GET', 'POST', 'PUT']),
          cachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          originRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        });
      }
      // They would stand in for the API's own errors.
      expect(customErrorResponses ?? []).toEqual([]);
    });

    test('sends the policies of the local server, over TLS only', () => {
      const { defaultCacheBehavior, orderedCacheBehaviors } = distribution();
      const docs = orderedCacheBehaviors.filter(({ pathPattern }) => pathPattern?.startsWith('/docs'));
      expect(docs).toHaveLength(2);
      for (const [behaviour, contentSecurityPolicy] of [
        [defaultCacheBehavior, policy],
        ...docs.map((one) => [one, docsPolicy] as const),
      ] as const) {
        expect(behaviour.viewerProtocolPolicy).toBe('redirect-to-https');
        expect(headersOf(behaviour)).toMatchObject({
          contentSecurityPolicy: { contentSecurityPolicy, override: true },
          contentTypeOptions: { override: true },
          strictTransportSecurity: { override: true },
        });
      }
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    });

    test('lies in a bucket that only its distribution may read', () => {
      const bucket = resourceOf(plan, 'aws:s3/bucket:Bucket', 'ConsoleAssetsBucket').inputs.bucket;
      const found = resourcesOf(plan, 'aws:s3/bucketPolicy:BucketPolicy').find(
        ({ inputs }) => inputs.bucket === bucket,
      );
      const { Statement } = JSON.parse(String(found?.inputs.policy)) as { Statement: { Effect: string }[] };
      const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
      expect(allowed).toHaveLength(1);
      expect(JSON.stringify(allowed)).toMatch(/cloudfront\.amazonaws\.com/);
      expect(JSON.stringify(allowed)).toContain('s3:GetObject');
      expect(JSON.stringify(Statement)).toContain('aws:SecureTransport');
      const block = resourcesOf(plan, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock').find(
        ({ inputs }) => inputs.bucket === bucket,
      );
      expect(block?.inputs).toMatchObject({ blockPublicPolicy: true, restrictPublicBuckets: true });
    });

    test('is left out unless it is asked for', () => {
      const usual = JSON.parse(readFileSync(inject('prepared').plan, 'utf8')) as Plan;
      expect(resourcesOf(usual, 'aws:cloudfront/distribution:Distribution')).toEqual([]);
      expect(usual.outputs.console).toBeUndefined();
      expect(plan.outputs.console).toMatch(/^https:\/\//);
    });
  });

  test('resources are named by their own partition only', () => {
    const text = plan.resources.map((resource) => JSON.stringify(shown(resource.inputs)));
    expect(text.join('\n')).toContain(`arn:${partition}:`);
    const other = partition === 'aws' ? 'arn:aws-cn:' : 'arn:aws:';
    const foreign = plan.resources.filter((_, at) => text[at]?.includes(other));
    expect(foreign.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  });
});

describe('settings that make no sense', () => {
  test.each([
    { FRS_ARCHITECTURE: 'sparc' },
    { FRS_PROVISIONED: 'many' },
    { FRS_CONSOLE: 'yes' },
    { FRS_CONTAINER_DOMAIN: 'big.example.com' },
  ])('%o are refused before anything is planned', (setting) => {
    expect(() => settings(setting)).toThrow(/^FRS_/);
  });
});
