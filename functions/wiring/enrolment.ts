import type { EnrolPorts } from '@openfrs/core/enrolment/enrol-upload.ts';
import { createObjects, dynamodbEnrolments } from '@openfrs/store';
import { accounts } from './accounts.ts';
import { clients } from './clients.ts';
import { deadLetters } from './dead-letters.ts';
import { faceSets } from './face-sets.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';
import { vision } from './vision.ts';

/** What enrolment by upload needs. */
export const enrolment = once('enrolment', async (): Promise<EnrolPorts> => {
  const { dataTable, removeWithObject } = settings();
  const { dynamodb, s3 } = clients();
  return {
    accounts: accounts(),
    objects: createObjects(s3),
    vision: await vision(),
    faceSets: faceSets(),
    enrolments: dynamodbEnrolments(dynamodb, dataTable),
    deadLetters: deadLetters(),
    now: () => new Date(),
    removeWithObject,
  };
});
