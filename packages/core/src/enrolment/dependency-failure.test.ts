import { FrsError } from '@openfrs/contract';
import { expect, it } from 'vitest';
import { StorageFull } from '../ports/storage-full.ts';
import { isDependencyFailure } from './dependency-failure.ts';

const answered = Object.assign(new Error('throttled'), { $metadata: { httpStatusCode: 400 } });
const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

it.each([
  ['a full service', new FrsError('FRS.0033')],
  ['an S3 that fails', new FrsError('FRS.0022')],
  ['a full disk', new StorageFull({ cause: undefined })],
  ['an answer of the store', answered],
  ['a connection', refused],
  ['the cause of it', new Error('looking up failed', { cause: refused })],
])('%s is to blame, and not the photo', (_name, error) => {
  expect(isDependencyFailure(error)).toBe(true);
});

it.each([
  ['an error of the program', new TypeError('x is not a function')],
  ['a photo without a face', new FrsError('FRS.0404')],
])('%s is not what the work depends on', (_name, error) => {
  expect(isDependencyFailure(error)).toBe(false);
});
