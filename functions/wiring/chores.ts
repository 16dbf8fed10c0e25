import { type Chore, createSqs, sqsChores } from '@openfrs/store';
import { once } from './once.ts';
import { settings } from './settings.ts';

export type TakeChore = (chore: Chore) => void | Promise<void>;

/**
 * Who does the work that writes leave behind: a queue in the cloud; the local server provides a thread for it. What
 * nobody takes, the sweep finds.
 */
export const chores = once('chores', (): TakeChore => {
  const { choresQueue } = settings();
  return choresQueue === '' ? () => undefined : sqsChores(createSqs(), choresQueue);
});
