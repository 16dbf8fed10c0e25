const local = /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|\/|$)/;

/** By what the AWS SDK and SST find their stores: `credentials.env` of a local server sets them. */
const endpoints = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_SQS'];

/**
 * Why nothing can be deployed from a shell that has read a local server's `credentials.env`: its keys and endpoints are of that
 * server, and SST would ask it for the state of the cloud. They aren't taken away silently: another account's would be used.
 * @returns a sentence that names the remedy; undefined where all is well
 */
export function localSettingsProblem(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const found = endpoints.filter((name) => local.test(environment[name] ?? ''));
  if (found.length === 0) return undefined;
  return `This shell has the settings of a local server (${found.join(', ')}), which are not of the cloud: use another shell, or begin with env -u AWS_ENDPOINT_URL_S3 -u AWS_ENDPOINT_URL_DYNAMODB -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_REGION.`;
}
