import { expect, it } from 'vitest';
import { localSettingsProblem } from './local-settings.ts';

it.each([
  { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:8081' },
  { AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8082/' },
  { AWS_ENDPOINT_URL_S3: 'http://[::1]:8081' },
])('the settings of a local server are told from those of a cloud: %o', (environment) => {
  expect(localSettingsProblem(environment)).toContain(Object.keys(environment)[0]);
});

it.each([
  {},
  { AWS_PROFILE: 'work', AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIA' },
  { AWS_ENDPOINT_URL_S3: 'https://s3.eu-west-1.amazonaws.com' },
  { AWS_ENDPOINT_URL_S3: '' },
])('what is of a cloud, or of none, is left alone: %o', (environment) => {
  expect(localSettingsProblem(environment)).toBeUndefined();
});
