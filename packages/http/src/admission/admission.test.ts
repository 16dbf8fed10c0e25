import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { picture, startWorld, type World } from '../../test/world.ts';
import { createAdmission } from './admission.ts';

let world: World;
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  world = await startWorld();
});
afterAll(() => vi.restoreAllMocks());

const image_base64 = picture(0).toString('base64');
const detect = () => world.send('POST', `${world.base}/face-detect`, { image_base64 });

it('answers FRS.0033 at once where the queue is full, and lets operations without pictures pass', async () => {
  world.ports.admission = createAdmission({ running: 1, waiting: 0, bodyBytes: 1e6 });
  let end = () => {};
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  });
  const looked = vi.spyOn(world.ports.vision, 'detect').mockImplementationOnce(async () => {
    await slow;
    return [];
  });
  const first = detect();
  await vi.waitFor(() => expect(looked).toHaveBeenCalled(), 40_000);
  expect(await detect()).toMatchObject({ status: 400, body: { error_code: 'FRS.0033' } });
  expect((await world.send('GET', `${world.base}/face-sets`)).status).toBe(200);
  // Deletes look at every face of a set.
  const scans = [`faces/batch`, `faces?external_image_id=x`].map((path) =>
    world.send('DELETE', `${world.base}/face-sets/none/${path}`),
  );
  for (const { body } of await Promise.all(scans)) expect(body.error_code).toBe('FRS.0033');
  // Whose request it is matters still; what it says costs time that there isn't.
  const stranger = await world.send('POST', `${world.base}/face-detect`, {}, { 'X-Auth-Token': 'wrong' });
  expect(stranger.body.error_code).toBe('APIG.0307');
  const wrong = await world.send('POST', `${world.base}/face-detect`, {});
  expect(wrong.body.error_code).toBe('FRS.0033');
  end();
  expect((await first).status).toBe(200);
  expect((await detect()).status).toBe(200);
});

it('answers FRS.0033 to a body that the memory has no room for, and holds nothing afterwards', async () => {
  world.ports.admission = createAdmission({ running: 1, waiting: 9, bodyBytes: 1000 });
  const { memory } = world.ports.admission;
  const create = (length: number) =>
    world.send('POST', `${world.base}/face-sets`, JSON.stringify({ a: 'a'.repeat(length) }));
  expect((await create(1000)).body.error_code).toBe('FRS.0033');
  expect((await create(100)).body.error_code).toBe('FRS.0011');
  const login = await world.app.request('/v3/auth/tokens', { method: 'POST', body: 'a'.repeat(1001) });
  expect(await login.json()).toMatchObject({ error_code: 'FRS.0033' });
  expect(memory.reserved).toBe(0);
});

it('does not begin the work of a client that has left', async () => {
  world.ports.admission = createAdmission({ running: 1, waiting: 9, bodyBytes: 1e6 });
  const looked = vi.spyOn(world.ports.vision, 'detect');
  looked.mockClear();
  const leaver = new AbortController();
  const answer = world.app.request(`${world.base}/face-detect`, {
    method: 'POST',
    headers: { 'X-Auth-Token': world.ownToken },
    body: JSON.stringify({ image_base64 }),
    signal: leaver.signal,
  });
  leaver.abort();
  await answer;
  expect(looked).not.toHaveBeenCalled();
});
