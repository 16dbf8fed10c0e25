import { type DeadLetters, enrolUpload, removeUpload } from '@openfrs/core';
import { createObjects } from '@openfrs/store';
import type { PartContext } from '../part.ts';
import { cachedAccounts, clients, deadLetters, enrolments, faceSets, vision } from '../parts.ts';
import { isDependencyFailure } from './dependency-failure.ts';
import { type Failure, logFailure, processBatch, type QueueResult } from './queue-event.ts';
import { objectEvents } from './s3-notification.ts';

/** What failed so often, and nothing that it depends on is to blame for it, will not do. */
const mostAttempts = 5;

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
      (failure) => giveUp(failure, ports.deadLetters),
    );
  };
}

/** Makes dead letters of photos that fail again and again by themselves; for a store that fails they wait. */
async function giveUp({ error, attempts, body }: Failure, deadLetters: DeadLetters): Promise<boolean> {
  if (attempts < mostAttempts || isDependencyFailure(error)) return false;
  for (const { kind, upload } of objectEvents(body)) {
    if (kind === 'removed') return false;
    await deadLetters.put(upload, 'FRS.0018', `It failed ${attempts} times: see the log.`);
  }
  return true;
}
