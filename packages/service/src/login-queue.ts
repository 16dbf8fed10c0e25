import { FrsError } from '@openfrs/contract';
import type { LoginQueue } from '@openfrs/core';
import { FairQueue, type Flow } from '@openfrs/http/admission';

/**
 * One password at a time. Of 64 logins that wait, one source may have half, and one account half of its source's; where they
 * are 64, sources with fewer displace the newest of the source with the most. At about 0.2 s a password, the last of them
 * waits some 13 s.
 */
const limits = { running: 1, waiting: 64 };
/**
 * Accounts that are looked up: up to five reads of the store, some 10 ms of the thread that answers everybody. Of one source 32 wait:
 * an account isn't known yet, and one operation may have a quarter.
 */
const lookUpLimits = { running: 2, waiting: 128 };

export function createLoginQueue(): LoginQueue {
  const queue = new FairQueue(limits);
  const lookUps = new FairQueue(lookUpLimits);
  const check = (flow: Flow, ...queues: readonly FairQueue[]) => {
    const full = queues.find((each) => !each.hasCapacity(flow));
    if (full === undefined) return;
    const { retryAfterSeconds } = full;
    throw new FrsError('FRS.0033', 'Too many logins are waiting.', { retryAfterSeconds });
  };
  return {
    async lookUp(source, work, signal) {
      const flow = { project: source, operation: '' };
      check(flow, queue, lookUps);
      return await lookUps.run(flow, work, signal);
    },
    async run({ source, account }, work, signal) {
      const flow = { project: source, operation: account };
      check(flow, queue);
      return await queue.run(flow, work, signal);
    },
  };
}
