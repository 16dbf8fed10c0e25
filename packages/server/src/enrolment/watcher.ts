import { enrolPrefix } from '@openfrs/core';
import { log } from '@openfrs/core/observation';
import type { Service } from '@openfrs/service';
import { enrolUploads, parts } from '@openfrs/service';
import { objectWatch } from '@openfrs/store';
import { leaseMs, whileHeld } from '../maintenance/held.ts';
import { lookAtBucket } from './watch-bucket.ts';

/** The next look waits at least so many times as long as the last took: large buckets are not listed all the time. */
const restFactor = 10;

/**
 * Photos put under `enrol/` become faces on an S3 that tells nobody of them: one of the servers looks at the bucket again and again.
 * @returns what ends it, when the object under way has been dealt with
 */
export function watchBucket(service: Service, owner: string): () => Promise<void> {
  const { resolve, config } = service;
  const { mediaBucket: bucket, dataTable, enrolEveryMs } = config;
  if (enrolEveryMs === 0) return async () => {};
  const leases = resolve(parts.leases);
  const engines = { dynamodb: resolve(parts.dynamodb), s3: resolve(parts.s3) };
  const watch = objectWatch(engines, dataTable, { bucket, prefix: enrolPrefix });
  const handler = enrolUploads(service);
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const began = performance.now();
    try {
      await whileHeld(leases, 'enrol', owner, (lease) =>
        lookAtBucket({
          watch,
          bucket,
          handler,
          deadLetters: resolve(parts.deadLetters),
          now: Date.now,
          mayGoOn: async () => !isStopped && (await lease.prolong(leaseMs)),
        }),
      );
    } catch (error) {
      log('error', 'The look for photos to enrol failed and is repeated', { error });
    }
    const took = performance.now() - began;
    if (!isStopped) timer = setTimeout(begin, Math.max(enrolEveryMs, took * restFactor));
  };
  let under = Promise.resolve();
  const begin = () => {
    under = look();
  };
  begin();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await under;
  };
}
