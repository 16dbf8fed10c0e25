import {
  currentRequest,
  type ObservedRequest,
  requestsBegun,
  requestsEnded,
} from '@openfrs/core/observation';
import { expect, it } from 'vitest';
import type { RawRequest } from '../raw-request.ts';
import { auditLog } from './audit-log.ts';

it('tells who measures of the request with its headers, and of its end; what works for it knows it', async () => {
  const told: unknown[] = [];
  const ends = [
    requestsBegun.watch(({ requestId, headers }) => told.push([requestId, headers?.get('traceparent')])),
    requestsEnded.watch(({ request, ...end }) => told.push([request.requestId, end])),
  ];
  const seen: (ObservedRequest | undefined)[] = [];
  const raw = { headers: new Headers({ traceparent: '00-a-b-01' }) } as unknown as RawRequest;
  const record: { requestId: string; operation: string; errorCode?: string } = {
    ...{ requestId: 'r1', operation: 'face-detect' },
  };
  await auditLog(() => {})({ record, raw }, async () => {
    await new Promise(setImmediate);
    seen.push(currentRequest());
    record.errorCode = 'FRS.0018';
    return { status: 500, body: {} };
  });
  for (const end of ends) end();
  expect(seen[0]).toMatchObject({ requestId: 'r1', operation: 'face-detect' });
  expect(currentRequest()).toBeUndefined();
  expect(told).toEqual([
    ['r1', '00-a-b-01'],
    ['r1', { status: 500, code: 'FRS.0018' }],
  ]);
});
