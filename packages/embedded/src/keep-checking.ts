import { checkDataFolder } from './integrity/data-folder.ts';
import { tell } from './log.ts';
import type { Store } from './s3/store.ts';

/** Not at once: a start has other work, and has looked at the newest files already. */
const firstAfterMs = 5 * 60_000;
const everyMs = 24 * 60 * 60_000;

/**
 * Compares the checksums of all that is stored, once a day as long as the thread lives, and names on standard error what is damaged:
 * before it is asked for, and while a backup may still have it.
 */
export function keepChecking(dir: string, store: Store): void {
  const look = async () => {
    await checkStored(dir, store).catch((error) =>
      tell('error', 'The stored files could not be checked', error),
    );
    setTimeout(look, everyMs).unref();
  };
  setTimeout(look, firstAfterMs).unref();
}

/** A fifth of the thread's time at most: it serves requests meanwhile. */
const rest = 4;

/** One look at everything. May be used meanwhile. */
export async function checkStored(dir: string, store: Store): Promise<void> {
  for (const { file, problem } of await checkDataFolder(dir, { values: true, rest })) {
    tell('error', `The data file ${file} ${problem}: restore ${dir} from a backup.`);
  }
  await store.checkBodies();
}
