import { type Need, operations } from '@openfrs/contract/operations';
import { type DeploymentContext, environment, permissionsOf } from './functions.ts';
import type { Settings } from './settings.ts';

/** Seconds from SIGTERM until it is killed: `/ready` says no for 5, requests under way have 60, stores and threads 25 to close; by itself ECS waits 30. */
const stopTimeout = 90;

/**
 * All operations on one port of a container, where bodies of the whole 8 MB pass, behind a load balancer of its own with
 * TLS. The work behind writes and enrolment by upload stay with their functions.
 */
export function container(
  context: DeploymentContext,
  { domain, certificate }: NonNullable<Settings['container']>,
): string {
  const { architecture } = context.settings;
  const needs = [...new Set(operations.flatMap((operation): readonly Need[] => operation.needs))];
  const vpc = new sst.aws.Vpc('Vpc');
  const cluster = new sst.aws.Cluster('Cluster', { vpc });
  new sst.aws.Service('Container', {
    cluster,
    architecture,
    cpu: '2 vCPU',
    memory: '4 GB',
    scaling: { min: 1, max: 4, cpuUtilization: 60 },
    // The one image there is: by its tables in the environment, the server knows that it stands on AWS.
    image: { context: '.', dockerfile: 'packages/server/Dockerfile' },
    environment: { ...environment(context), FRS_SECRET_KEY: context.secret, FRS_PUBLIC_HOSTS: domain },
    permissions: permissionsOf(context, needs),
    logging: { retention: '1 month' },
    loadBalancer: {
      domain: { name: domain, dns: false, cert: certificate },
      rules: [{ listen: '443/https', forward: '8080/http' }],
      health: { '8080/http': { path: '/health', interval: '10 seconds' } },
    },
    transform: {
      // Dead connections are noticed, and a video's answer takes its time.
      loadBalancer: { idleTimeout: 60, dropInvalidHeaderFields: true },
      taskDefinition: (args) => {
        args.containerDefinitions = $util
          .output(args.containerDefinitions)
          .apply((text) =>
            JSON.stringify(
              (JSON.parse(text) as object[]).map((container) => ({ ...container, stopTimeout })),
            ),
          );
      },
    },
  });
  return `https://${domain}`;
}
