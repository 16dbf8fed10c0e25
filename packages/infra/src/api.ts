import { operations } from '@openfrs/contract/operations';
import { type DeploymentContext, functionArgs, operationFunctionArgs, resourceName } from './functions.ts';

/** API Gateway (HTTP API): the routes of the table of operations, and one answer for every other path. */
export function api(context: DeploymentContext): {
  gateway: sst.aws.ApiGatewayV2;
  functions: readonly sst.aws.Function[];
} {
  const { settings } = context;
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
  const functions: sst.aws.Function[] = [];
  for (const operation of operations) {
    const target = new sst.aws.Function(
      resourceName(operation.name),
      operationFunctionArgs(context, operation),
    );
    functions.push(target);
    for (const path of operation.paths) gateway.route(`${operation.method} ${path}`, target.targetArn);
  }
  const unknown = new sst.aws.Function(
    'UnknownPath',
    functionArgs(context, {
      handler: 'functions/unknown-path.handler',
      description: 'APIG.0101 for every path that the API does not have',
      needs: [],
      permissions: [],
      checksCallers: false,
      asksS3: false,
    }),
  );
  gateway.route('$default', unknown.arn);
  return { gateway, functions: [...functions, unknown] };
}
