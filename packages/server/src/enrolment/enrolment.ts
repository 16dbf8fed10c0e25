import { enrolPrefix } from '@openfrs/core';
import { log } from '@openfrs/core/observation';
import type { EmbeddedStores } from '@openfrs/embedded';
import { enrolUploads, objectEvents, parts, type Service } from '@openfrs/service';
import { dynamodbDeadLetters } from '@openfrs/store';
import { takeDeadLetterFile } from './dead-letter-file.ts';
import { bringToFunction } from './queue-event.ts';

/**
 * Photos put under `enrol/` become faces: the embedded S3's events are brought to the same function as in the cloud. What
 * can't be enrolled is a dead letter of the data table: at once with the contract's code where the photo is to blame, after
 * the last attempt where the service is.
 */
export async function startEnrolment(stores: EmbeddedStores, service: Service): Promise<void> {
  const { mediaBucket: bucket, dataTable } = service.config;
  const dynamodb = service.resolve(parts.dynamodb);
  try {
    await takeDeadLetterFile(stores.deadLetterFile, (at) =>
      dynamodbDeadLetters(dynamodb, dataTable, () => at),
    );
  } catch (error) {
    // Reads are served by a full disk too: the file stays for the next start.
    log('error', 'Dead letters in a file could not be taken over', { error });
  }
  const handler = enrolUploads(service);
  const letters = dynamodbDeadLetters(dynamodb, dataTable);
  await stores.onEvent(
    { bucket, prefix: enrolPrefix },
    (event) => bringToFunction(handler, event),
    async ({ attempts, event }) => {
      // Without the photo there is nothing to enrol.
      const put = objectEvents(event).filter(({ kind }) => kind === 'put');
      for (const { upload } of put)
        await letters.put(upload, 'FRS.0018', `It failed ${attempts} times: see the log.`);
    },
  );
}
