import type { LocalCredentials } from './credentials.ts';

/** The variables through which the doors and the AWS SDK learn where they are. */
export interface ServiceEnvironment
  extends Pick<
    LocalCredentials,
    | 'AWS_ENDPOINT_URL_S3'
    | 'AWS_ENDPOINT_URL_DYNAMODB'
    | 'AWS_ACCESS_KEY_ID'
    | 'AWS_SECRET_ACCESS_KEY'
    | 'AWS_REGION'
  > {
  readonly FRS_SECRET_KEY: string;
  readonly FRS_MEDIA_HOSTS: string;
}

/** The AWS SDK's advice to update Node is for who deploys with it, not for who tries the service. */
const quietSdk = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/**
 * Sets the variables for this process: the doors are the same as in the cloud, where the environment is all they are
 * given. Returns what takes them back.
 */
export function setEnvironment(variables: Partial<ServiceEnvironment>): () => void {
  const before = Object.keys({ ...variables, ...quietSdk }).map((name) => [name, process.env[name]] as const);
  // Session tokens and profiles of a developer's own AWS account would be taken for ours.
  const foreign = ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_ENDPOINT_URL'].map(
    (name) => [name, process.env[name]] as const,
  );
  for (const [name] of foreign) delete process.env[name];
  Object.assign(process.env, variables, quietSdk);
  return () => {
    for (const [name, value] of [...before, ...foreign]) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
