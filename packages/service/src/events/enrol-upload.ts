import {
  type EnrolmentOutcome,
  type EnrolPorts,
  enrolUpload,
  removeUpload,
  retryUpload,
  type Upload,
} from '@openfrs/core';
import { createObjects } from '@openfrs/store';
import type { PartContext } from '../part.ts';
import { cachedAccounts, clients, deadLetters, enrolments, faceSets, vision } from '../parts.ts';
import { logFailure, processBatch, type QueueResult } from './queue-event.ts';
import { objectEvents } from './s3-notification.ts';

/** S3 → queue → faces: photos put under `enrol/`, at most once for each version of an object. */
export function enrolUploads(context: PartContext): (event: unknown) => Promise<QueueResult> {
  return async (event) => {
    const ports = await enrolPorts(context);
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

/** Tries an upload again of which there is a dead letter; the letter stays. */
export async function retryGivenUp(
  upload: Upload,
  context: PartContext,
): Promise<EnrolmentOutcome | undefined> {
  return await retryUpload(upload, await enrolPorts(context));
}

async function enrolPorts({ config, now, resolve }: PartContext): Promise<EnrolPorts> {
  return {
    accounts: resolve(cachedAccounts),
    objects: createObjects(resolve(clients).s3),
    vision: await resolve(vision),
    faceSets: resolve(faceSets),
    enrolments: resolve(enrolments),
    deadLetters: resolve(deadLetters),
    now,
    removeWithObject: config.removeWithObject,
  };
}
