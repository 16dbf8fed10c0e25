import { expect, test } from 'vitest';
import { ApiError } from '../api/api.ts';
import { PauseController, tryAgain, workThrough } from './work-through.ts';

const refusal = (code: string, status = 400) =>
  new ApiError(code, '', { request: { method: 'GET', path: '' }, status, milliseconds: 1, body: {} }, 0);

test('all items are worked on, and none while it is paused', async () => {
  const controller = new PauseController();
  const done: number[] = [];
  let isThrough = false;
  const all = workThrough([1, 2, 3, 4, 5, 6, 7, 8], controller, async (item) => {
    done.push(item);
    if (done.length === 4) controller.pause();
  }).then(() => {
    isThrough = true;
  });
  await expect.poll(() => controller.paused).toBe(true);
  // Let every worker come to its pause.
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  expect(done.length).toBeLessThan(8);
  expect(isThrough).toBe(false);
  controller.resume();
  await all;
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('an end leaves the rest undone', async () => {
  const controller = new PauseController();
  const done: number[] = [];
  await workThrough([1, 2, 3, 4, 5, 6, 7, 8], controller, async (item) => {
    done.push(item);
    controller.end();
  });
  expect(done.length).toBeLessThan(8);
});

test('what the service puts off is sent again, what it refuses is not', async () => {
  let sent = 0;
  const send = (code: string, until: number) => async () => {
    sent += 1;
    if (sent < until) throw refusal(code);
    return 'done';
  };
  expect(await tryAgain(new PauseController(), send('FRS.0033', 3))).toBe('done');
  expect(sent).toBe(3);
  sent = 0;
  await expect(tryAgain(new PauseController(), send('FRS.0404', 3))).rejects.toMatchObject({
    code: 'FRS.0404',
  });
  expect(sent).toBe(1);
});

test.each([
  ['APIG.0201', 413],
  ['APIG.0301', 401],
])('%s with status %i comes again whatever is done: it is sent once', async (code, status) => {
  let sent = 0;
  const send = async () => {
    sent += 1;
    throw refusal(code, status);
  };
  await expect(tryAgain(new PauseController(), send)).rejects.toMatchObject({ code });
  expect(sent).toBe(1);
});

test('after an end nothing is sent again', async () => {
  const controller = new PauseController();
  let sent = 0;
  const send = async () => {
    sent += 1;
    setTimeout(() => controller.end());
    throw refusal('APIG.0201', 504);
  };
  await expect(tryAgain(controller, send)).rejects.toMatchObject({ code: 'APIG.0201' });
  expect(sent).toBe(1);
});
