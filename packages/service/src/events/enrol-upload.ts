import { enrolUpload, removeUpload } from '@openfrs/core';
import { createObjects } from '@openfrs/store';
import type { PartContext } from '../part.ts';
import { cachedAccounts, clients, deadLetters, enrolments, faceSets, vision } from '../parts.ts';
import { logFailure, processBatch, type QueueResult } from './queue-event.ts';
import { objectEvents } from './s3-notification.ts';

/** S3 → queue → faces: photos put under `enrol/`, at most once for each version of an object. */
export function enrolUploads({
  config,
  now,
  resolve,
}: PartContext): (event: unknown) => Promise<QueueResult> {
  return async (event) => {
    const ports = {
      accounts: resolve(cachedAccounts),
      objects: createObjects(resolve(clients).s3),
      vision: await resolve(vision),
      faceSets: resolve(faceSets),
      enrolments: resolve(enrolments),
      deadLetters: resolve(deadLetters),
      now,
      removeWithObject: config.removeWithObject,
    };
    return processBatch(
      event,
      async (body) => {
        for (const { kind, upload } of objectEvents(body)) {
          await (kind === 'put' ? enrolUpload(upload, ports) : removeUpload(upload, ports));
        }
      },
      logFailure('enrol-upload'),
    );
  };
}
