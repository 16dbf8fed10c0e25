import type { Chore } from '@openfrs/store';
import { once } from './once.ts';

export type TakeChore = (chore: Chore) => void | Promise<void>;

/** Who does the work that writes leave behind. The local server provides a thread for it; what nobody takes, the sweep finds. */
export const chores = once('chores', (): TakeChore => () => undefined);
