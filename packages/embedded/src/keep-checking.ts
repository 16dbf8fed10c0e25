import { checkDataFolder } from './integrity/data-folder.ts';
import { tell } from './log.ts';
import type { Store } from './s3/store.ts';

/** Not at once: a start has other work, and has looked at the newest files already. */
const firstAfterMs = 5 * 60_000;
const everyMs = 24 * 60 * 60_000;

/**
 * Compares the checksums of all that is stored, once a day until it is stopped, and names on standard error what is damaged:
 * before it is asked for, and while a backup may still have it.
 * @returns stops it
 */
export function keepChecking(dir: string, store: Store): () => void {
  let timer = setTimeout(look, firstAfterMs).unref();
  let stopped = false;
  return () => {
    stopped = true;
    clearTimeout(timer);
  };

  async function look(): Promise<void> {
    await checkStored(dir, store).catch((error) => {
      if (!stopped) tell('error', 'The stored files could not be checked', error);
    });
    if (!stopped) timer = setTimeout(look, everyMs).unref();
  }
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
