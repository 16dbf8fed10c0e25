import {
  type EnrolmentOutcome,
  type EnrolPorts,
  enrolUpload,
  removeUpload,
  retryUpload,
  type Upload,
} from '@openfrs/core';
import { enrolmentsEnded, observedTask } from '@openfrs/core/observation';
import { createObjects } from '@openfrs/store';
import type { PartContext } from '../part.ts';
import { cachedAccounts, deadLetters, enrolments, faceSets, s3, vision } from '../parts.ts';
import { logFailure, processBatch, type QueueResult } from './queue-event.ts';
import { objectEvents } from './s3-notification.ts';

/** S3 → queue → faces: photos put under `enrol/`, at most once for each version of an object. */
export function enrolUploads(context: PartContext): (event: unknown) => Promise<QueueResult> {
  return async (event) => {
    const ports = await enrolPorts(context);
    return processBatch(
      event,
      async (body) => {
        for (const { kind, upload, at } of objectEvents(body)) {
          if (kind === 'put') await observed(at, () => enrolUpload(upload, ports));
          else await removeUpload(upload, ports);
        }
      },
      logFailure('enrol-upload'),
    );
  };
}

/** Tells of a photo that was dealt with, or failed and comes again. */
async function observed(at: Date | undefined, work: () => Promise<void>): Promise<void> {
  const end = (done: boolean) => {
    if (at !== undefined) enrolmentsEnded.publish({ done, lagMs: Math.max(0, Date.now() - at.getTime()) });
  };
  try {
    await observedTask('enrol', work);
    end(true);
  } catch (error) {
    end(false);
    throw error;
  }
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
    objects: createObjects(resolve(s3)),
    vision: await resolve(vision),
    faceSets: resolve(faceSets),
    enrolments: resolve(enrolments),
    deadLetters: resolve(deadLetters),
    now,
    removeWithObject: config.removeWithObject,
  };
}
