import { parts } from '@openfrs/service';
import { expect } from 'vitest';
import { localService, service } from '../../contract/support/service.ts';

/** Sees that the service of this process holds nothing for requests that are over: no memory, no slot, no place in the queue. */
export async function expectIdle(): Promise<void> {
  const { memory, queue } = localService().resolve(parts.admission);
  const held = () => ({ reserved: memory.reserved, running: queue.running, waiting: queue.waiting });
  await expect.poll(held).toEqual({ reserved: 0, running: 0, waiting: 0 });
  expect((await fetch(`${service.endpoint}/health`)).status).toBe(200);
}
