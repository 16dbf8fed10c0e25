import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

test('an event that is acknowledged while the queue is being read is not handed out again', async () => {
  const kept = new Map([['1', 'first']]);
  const delivered: string[] = [];
  let letRead = Promise.resolve();
  const catalog = {
    async events() {
      const seen = [...kept].map(([id, body]) => ({ id, body }));
      await letRead;
      return seen;
    },
    async removeEvent(id: string) {
      kept.delete(id);
    },
  };
  const outbox = new Outbox(catalog, (id) => delivered.push(id));
  await outbox.pump();
  expect(delivered).toEqual(['1']);

  let go = () => {};
  letRead = new Promise((resolve) => {
    go = resolve;
  });
  kept.set('2', 'second');
  const reading = outbox.pump();
  const acknowledged = outbox.acknowledge('1');
  await Promise.resolve();
  go();
  await Promise.all([reading, acknowledged]);
  expect(delivered).toEqual(['1', '2']);
});
