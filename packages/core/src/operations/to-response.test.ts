import { memoryAccounts } from '@openfrs/testing/memory-accounts';
import { expect, it } from 'vitest';
import { createProject } from '../identity/index.ts';
import { subscriptionResponse } from './to-response.ts';

it('subscriptions are shown with the time of each, and without one where there is none', async () => {
  const project = await createProject(
    { id: 'acme' },
    { name: 'p', services: ['detect'], quotas: { faceSets: 3 } },
    memoryAccounts(),
    new Date('2026-05-04T03:02:01.999Z'),
  );
  expect(subscriptionResponse(project)).toEqual({
    max_face_set_number: 3,
    detect_service: { create_time: '2026-05-04 03:02:01', subscribe_status: true },
    live_detect_service: { subscribe_status: false },
    compare_service: { subscribe_status: false },
    search_service: { subscribe_status: false },
  });
});
