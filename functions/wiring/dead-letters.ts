import type { DeadLetters } from '@openfrs/core';
import { createSqs, sqsDeadLetters } from '@openfrs/store';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** Where uploads go that can't be enrolled: a queue in the cloud; the local server provides a file. */
export const deadLetters = once('dead letters', (): DeadLetters => {
  const { deadLetterQueue } = settings();
  if (deadLetterQueue === '') throw new Error('FRS_QUEUE_ENROL_DEAD names no queue.');
  return sqsDeadLetters(createSqs(), deadLetterQueue);
});
