import type { Order } from './attack.ts';
import { attacks } from './attacks.ts';

/** A process of its own: told what to send, it says when it is ready, and begins when told to. */
process.once('disconnect', () => process.exit());
process.once('message', async (order: Order) => {
  const attack = attacks.find(({ name }) => name === order.attack);
  if (!attack) throw new Error(`no attack ${order.attack}`);
  const begin = await attack.prepare(order);
  process.send?.('ready');
  process.once('message', async () => {
    process.send?.(await begin(), () => process.exit());
  });
});
