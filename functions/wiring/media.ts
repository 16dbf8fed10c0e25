import type { MediaPorts } from '@openfrs/core/operations/media.ts';
import { createObjects } from '@openfrs/store';
import { clients } from './clients.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** Stored pictures and videos. */
export const media = once(
  'media',
  (): MediaPorts => ({
    objects: createObjects(clients().s3),
    uploadBucket: settings().mediaBucket,
    mediaHosts: [...settings().mediaHosts, ...storageHosts(process.env)],
  }),
);

/** The hosts of the S3 that is configured through the AWS SDK's own variables. */
function storageHosts({ AWS_ENDPOINT_URL_S3, AWS_REGION }: NodeJS.ProcessEnv): string[] {
  if (AWS_ENDPOINT_URL_S3) return [new URL(AWS_ENDPOINT_URL_S3).host];
  return AWS_REGION ? ['s3.amazonaws.com', `s3.${AWS_REGION}.amazonaws.com`] : [];
}
