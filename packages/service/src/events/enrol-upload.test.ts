import { FrsError } from '@openfrs/contract';
import { readConfig, StorageFull, type Upload } from '@openfrs/core';
import { describe, expect, it } from 'vitest';
import { createService } from '../create-service.ts';
import { enrolUploads } from './enrol-upload.ts';

/** The function, on accounts whose store fails so. */
async function bring(error: Error, attempt: number) {
  const letters: { readonly upload: Upload; readonly code: string }[] = [];
  const service = createService(readConfig({}), {
    operations: [],
    overrides: {
      vision: async () => ({}) as never,
      faceSets: () => ({}) as never,
      enrolments: () =>
        ({ outcome: async () => undefined, begin: async () => {}, eventsOfKey: async () => [] }) as never,
      cachedAccounts: () =>
        ({
          project: async () => {
            throw error;
          },
        }) as never,
      deadLetters: () => ({
        put: async (upload, code) => {
          letters.push({ upload, code });
        },
      }),
    },
  });
  const object = { key: 'enrol/p/s/one.jpg', sequencer: '1' };
  const body = JSON.stringify({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'media' }, object } }],
  });
  const { batchItemFailures } = await enrolUploads(service)({
    Records: [{ messageId: 'm', body, attributes: { ApproximateReceiveCount: String(attempt) } }],
  });
  await service.close();
  return { comesAgain: batchItemFailures.length > 0, letters: letters.map(({ code }) => code) };
}

const answered = Object.assign(new Error('throttled'), { $metadata: { httpStatusCode: 400 } });
const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

describe('a photo whose enrolment fails', () => {
  it('by itself comes again, and is a dead letter at the fifth time', async () => {
    const fault = new TypeError('x is not a function');
    expect(await bring(fault, 4)).toEqual({ comesAgain: true, letters: [] });
    expect(await bring(fault, 5)).toEqual({ comesAgain: false, letters: ['FRS.0018'] });
  });

  it.each([
    ['a full service', new FrsError('FRS.0033')],
    ['an S3 that fails', new FrsError('FRS.0022')],
    ['a full disk', new StorageFull({ cause: undefined })],
    ['an answer of the store', answered],
    ['a connection', refused],
    ['the cause of it', new Error('looking up failed', { cause: refused })],
  ])('for %s comes again however often it came', async (_name, error) => {
    expect(await bring(error, 200)).toEqual({ comesAgain: true, letters: [] });
  });
});
