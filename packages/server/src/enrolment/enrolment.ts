import { appendFile } from 'node:fs/promises';
import { type DeadLetters, enrolPrefix } from '@openfrs/core';
import type { EmbeddedStores } from '@openfrs/embedded';
import { enrolUploads, type Service } from '@openfrs/service';
import { bringToFunction } from './queue-event.ts';

/**
 * Photos put under `enrol/` become faces: the embedded S3's events are brought to the same function as in the cloud. What
 * can't be enrolled goes to the dead-letter file, a JSON object a line: at once with the contract's code where the photo is
 * to blame, after the last attempt where the service is.
 */
export async function startEnrolment(stores: EmbeddedStores, service: Service): Promise<void> {
  const handler = enrolUploads(service);
  const { mediaBucket: bucket } = service.config;
  await stores.onEvent({ bucket, prefix: enrolPrefix }, (event) => bringToFunction(handler, event));
}

export function fileDeadLetters(file: string): DeadLetters {
  return {
    put: async (upload, code, message) => {
      const line = JSON.stringify({ time: new Date().toISOString(), code, error: message, upload });
      await appendFile(file, `${line}\n`, { mode: 0o600 });
    },
  };
}
