import { enrolUpload, removeUpload } from '@openfrs/core/enrolment/enrol-upload.ts';
import { enrolment } from '../wiring/enrolment.ts';
import { logFailure, processBatch, type QueueResult } from './queue-event.ts';
import { objectEvents } from './s3-notification.ts';

/** S3 → queue → faces: photos put under `enrol/`, at most once for each version of an object. */
export async function handler(event: unknown): Promise<QueueResult> {
  const ports = await enrolment();
  return processBatch(
    event,
    async (body) => {
      for (const { kind, upload } of objectEvents(body)) {
        await (kind === 'put' ? enrolUpload(upload, ports) : removeUpload(upload, ports));
      }
    },
    logFailure('enrol-upload'),
  );
}
