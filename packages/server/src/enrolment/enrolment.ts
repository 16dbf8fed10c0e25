import { appendFile } from 'node:fs/promises';
import type { DeadLetters } from '@openfrs/core';
import type { EmbeddedStores } from '@openfrs/embedded';
import { handler } from '../../../../functions/events/enrol-upload.ts';
import { deadLetters } from '../../../../functions/wiring/dead-letters.ts';
import { provide } from '../../../../functions/wiring/once.ts';
import { bringToFunction } from './queue-event.ts';

/** As in the cloud (`packages/infra/src/events.ts`): events of this prefix go to the function that enrols. */
const prefix = 'enrol/';

/**
 * Photos put under `enrol/` become faces: the embedded S3's events are brought to the same function as in the cloud. What
 * can't be enrolled goes to the dead-letter file, a JSON object a line: at once with the contract's code where the photo is
 * to blame, after the last attempt where the service is.
 */
export async function startEnrolment(stores: EmbeddedStores, bucket: string): Promise<void> {
  provide(deadLetters, fileDeadLetters(stores.deadLetterFile));
  await stores.onEvent({ bucket, prefix }, (event) => bringToFunction(handler, event));
}

function fileDeadLetters(file: string): DeadLetters {
  return {
    put: async (upload, code, message) => {
      const line = JSON.stringify({ time: new Date().toISOString(), code, error: message, upload });
      await appendFile(file, `${line}\n`, { mode: 0o600 });
    },
  };
}
