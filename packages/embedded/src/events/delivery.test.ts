import { expect, it, vi } from 'vitest';
import { type DeadLetter, Delivery } from './delivery.ts';
import type { S3EventNotification } from './notification.ts';

const event = (key: string) =>
  ({ Records: [{ s3: { bucket: { name: 'b' }, object: { key } } }] }) as unknown as S3EventNotification;

it('events that wait for another attempt leave the others their turn, and those that want one of several listeners', async () => {
  const done: string[] = [];
  const heard: string[] = [];
  const delivery = new Delivery('/nowhere', (id) => done.push(id), [60_000]);
  delivery.subscribe({ bucket: 'b' }, ({ Records: [record] }) => {
    if (record?.s3.object.key.startsWith('bad')) throw new Error('not now');
  });
  delivery.subscribe(
    { bucket: 'b' },
    ({ Records: [record] }) => void heard.push(record?.s3.object.key ?? ''),
  );
  for (let n = 0; n < 20; n++) delivery.receive(`bad ${n}`, event(`bad ${n}`));
  delivery.receive('good', event('good'));
  await vi.waitFor(() => expect(done).toEqual(['good']));
  expect(heard).toHaveLength(21);
  await delivery.stop();
});

it('what failed for the last time goes to who takes it, and comes again while that fails', async () => {
  const done: string[] = [];
  const letters: DeadLetter[] = [];
  let tries = 0;
  let refusals = 2;
  const delivery = new Delivery('/nowhere/dead', (id) => done.push(id), [1, 1]);
  delivery.subscribe(
    { bucket: 'b' },
    () => {
      tries += 1;
      throw new Error('no');
    },
    async (letter) => {
      if (refusals-- > 0) throw new Error('the table is not there');
      letters.push(letter);
    },
  );
  delivery.receive('1', event('bad'));
  await vi.waitFor(() => expect(done).toEqual(['1']));
  expect(letters).toMatchObject([{ attempts: 3, error: 'Error: no' }]);
  expect(tries).toBe(5);
  await delivery.stop();
});
