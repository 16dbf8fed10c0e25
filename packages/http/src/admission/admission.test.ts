import { type QueueWaitEnded, queueWaitsEnded } from '@openfrs/core/observation';
import { picture, startTestService, type TestService } from '@openfrs/testing/test-service';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createAdmission } from './admission.ts';

let service: TestService;
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  service = await startTestService();
});
afterAll(() => vi.restoreAllMocks());

const image_base64 = picture(0).toString('base64');
const detect = () => service.send('POST', `${service.base}/face-detect`, { image_base64 });

it('answers FRS.0033 at once where the queue is full, and lets operations without pictures pass', async () => {
  Object.assign(service.admission, createAdmission({ running: 1, waiting: 0, bodyBytes: 1e6 }));
  let end = () => {};
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  });
  const looked = vi.spyOn(service.vision, 'detect').mockImplementationOnce(async () => {
    await slow;
    return [];
  });
  const first = detect();
  await vi.waitFor(() => expect(looked).toHaveBeenCalled(), 40_000);
  expect(await detect()).toMatchObject({ status: 400, body: { error_code: 'FRS.0033' } });
  expect((await service.send('GET', `${service.base}/face-sets`)).status).toBe(200);
  // Deletes look at every face of a set.
  const scans = [`faces/batch`, `faces?external_image_id=x`].map((path) =>
    service.send('DELETE', `${service.base}/face-sets/none/${path}`),
  );
  for (const { body } of await Promise.all(scans)) expect(body.error_code).toBe('FRS.0033');
  // Whose request it is matters still; what it says costs time that there isn't.
  const stranger = await service.send('POST', `${service.base}/face-detect`, {}, { 'X-Auth-Token': 'wrong' });
  expect(stranger.body.error_code).toBe('APIG.0307');
  const wrong = await service.send('POST', `${service.base}/face-detect`, {});
  expect(wrong.body.error_code).toBe('FRS.0033');
  end();
  expect((await first).status).toBe(200);
  expect((await detect()).status).toBe(200);
});

it('answers FRS.0033 to a body that the memory has no room for, and holds nothing afterwards', async () => {
  Object.assign(service.admission, createAdmission({ running: 1, waiting: 9, bodyBytes: 1000 }));
  const { memory } = service.admission;
  const create = (length: number) =>
    service.send('POST', `${service.base}/face-sets`, JSON.stringify({ a: 'a'.repeat(length) }));
  expect((await create(1000)).body.error_code).toBe('FRS.0033');
  expect((await create(100)).body.error_code).toBe('FRS.0011');
  const login = await service.app.request('/v3/auth/tokens', { method: 'POST', body: 'a'.repeat(1001) });
  expect(await login.json()).toMatchObject({ error_code: 'FRS.0033' });
  expect(memory.reserved).toBe(0);
});

it('does not begin the work of a client that has left', async () => {
  Object.assign(service.admission, createAdmission({ running: 1, waiting: 9, bodyBytes: 1e6 }));
  const looked = vi.spyOn(service.vision, 'detect');
  looked.mockClear();
  const leaver = new AbortController();
  const answer = service.app.request(`${service.base}/face-detect`, {
    method: 'POST',
    headers: { 'X-Auth-Token': service.ownToken },
    body: JSON.stringify({ image_base64 }),
    signal: leaver.signal,
  });
  leaver.abort();
  await answer;
  expect(looked).not.toHaveBeenCalled();
});

it('tells how long each operation waited for its turn, and how that ended', async () => {
  Object.assign(service.admission, createAdmission({ running: 1, waiting: 9, bodyBytes: 1e7 }));
  const waits: QueueWaitEnded[] = [];
  const endWatch = queueWaitsEnded.watch((wait) => waits.push(wait));
  let end = () => {};
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  });
  vi.spyOn(service.vision, 'detect').mockImplementationOnce(async () => {
    await slow;
    return [];
  });
  const first = detect();
  await vi.waitFor(() => expect(service.admission.queue.running).toBe(1));
  const second = detect();
  const leaver = new AbortController();
  const third = service.app.request(`${service.base}/face-detect`, {
    method: 'POST',
    headers: { 'X-Auth-Token': service.ownToken },
    body: JSON.stringify({ image_base64 }),
    signal: leaver.signal,
  });
  await vi.waitFor(() => expect(service.admission.queue.waiting).toBe(2));
  const waited = performance.now();
  leaver.abort();
  await third;
  await vi.waitFor(() => expect(waits).toHaveLength(2));
  end();
  const released = performance.now();
  await Promise.all([first, second]);
  await service.send('GET', `${service.base}/face-sets`);
  endWatch();
  expect(waits.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
    'face-detect begun',
    'face-detect left',
    'face-detect begun',
  ]);
  expect(waits[2]?.ms).toBeGreaterThanOrEqual(released - waited);
});
