import { FrsError } from '@openfrs/contract';
import type { LoginQueue } from '@openfrs/core';
import type { Flow } from '@openfrs/http/admission';
import { FairQueue } from '@openfrs/http/admission';

/**
 * One password at a time. Of 64 logins that wait, one source may have half, and one account half of its source's; where they
 * are 64, sources with fewer displace the newest of the source with the most. At about 0.2 s a password, the last of them
 * waits some 13 s.
 */
const limits = { running: 1, waiting: 64 };

export function createLoginQueue(): LoginQueue {
  const queue = new FairQueue(limits);
  const check = (flow: Flow) => {
    if (queue.hasCapacity(flow)) return;
    const { retryAfterSeconds } = queue;
    throw new FrsError('FRS.0033', 'Too many logins are waiting.', { retryAfterSeconds });
  };
  return {
    checkCapacity: (source) => check({ project: source, operation: '' }),
    async run({ source, account }, work, signal) {
      const flow = { project: source, operation: account };
      check(flow);
      return await queue.run(flow, work, signal);
    },
  };
}
