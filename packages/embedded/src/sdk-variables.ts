import type { EmbeddedStores } from './start.ts';

/** The environment variables by which the AWS SDK finds embedded stores. */
export function sdkVariables(
  stores: Pick<
    EmbeddedStores,
    'dynamodbEndpoint' | 's3Endpoint' | 'accessKeyId' | 'secretAccessKey' | 'region'
  >,
) {
  return {
    AWS_ENDPOINT_URL_S3: stores.s3Endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: stores.dynamodbEndpoint,
    AWS_ACCESS_KEY_ID: stores.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stores.secretAccessKey,
    AWS_REGION: stores.region,
  };
}
