import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { withoutSecrets } from './redaction.ts';

it('takes a key of AWS away where nothing says that it is one', () => {
  const key = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  expect(withoutSecrets(`cannot sign with ${key} today`)).toBe('cannot sign with [redacted] today');
});

it('takes keys of 32 bytes in Base64 away, whatever their signs, but for one in fifty', () => {
  const keys = Array.from({ length: 2000 }, (_, at) => createHash('sha256').update(`${at}`).digest('base64'));
  expect(keys.filter((key) => withoutSecrets(`got ${key} here`).includes(key)).length).toBeLessThan(40);
});

it.each([
  '{\\"password\\":\\"correct horse\\",\\"a\\":1}',
  '{\\\\\\"password\\\\\\":\\\\\\"correct horse\\\\\\"}',
  '{"password":"correct horse"}',
])('takes a password in JSON away, in a text of another JSON as well: %s', (text) => {
  expect(withoutSecrets(`bad: ${text}`)).not.toMatch(/correct|horse/);
});

it.each([
  'at openS3Store (/srv/app/packages/embedded/src/s3/createS3ClientForBuckets.ts:12:3)',
  'sets/5F3c9a2e-1d4b-4c6a-9e8f-0a1b2c3d4e5f/People/0192.seg',
  '/usr/lib/node_modules/openfrs/dist/BatchSpanProcessorBase2/retryingTransport.js',
])('leaves paths and names: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
