import { operations } from '@openfrs/contract/operations.ts';
import { doorArgs, functionArgs, type Ground, resourceName } from './functions.ts';

/** API Gateway (HTTP API): the routes of the table of operations, and one answer for every other path. */
export function api(ground: Ground): { gateway: sst.aws.ApiGatewayV2; doors: Map<string, sst.aws.Function> } {
  const { settings } = ground;
  const gateway = new sst.aws.ApiGatewayV2('Api', {
    ...(settings.domain === undefined ? {} : { domain: settings.domain }),
    // Clients of this API are servers; to the console's pages it is a part of their own origin (`console.ts`).
    cors: false,
    accessLog: { retention: '1 month' },
    transform: {
      stage: (args) => {
        args.defaultRouteSettings = {
          throttlingBurstLimit: 500,
          throttlingRateLimit: 1000,
          detailedMetricsEnabled: true,
        };
      },
    },
  });
  const doors = new Map<string, sst.aws.Function>();
  for (const operation of operations) {
    const door = new sst.aws.Function(resourceName(operation.name), doorArgs(ground, operation));
    doors.set(operation.name, door);
    for (const path of operation.paths) gateway.route(`${operation.method} ${path}`, door.targetArn);
  }
  const unknown = new sst.aws.Function(
    'UnknownPath',
    functionArgs(ground, {
      handler: 'functions/unknown-path.handler',
      description: 'APIG.0101 for every path that the API does not have',
      needs: [],
      permissions: [],
      checksCallers: false,
    }),
  );
  gateway.route('$default', unknown.arn);
  return { gateway, doors };
}
