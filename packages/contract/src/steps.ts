/**
 * Long work in steps of about a millisecond at most: it yields between them, and its driver may let the event loop run there.
 * It is told `true` where that happened, so that others may have used the same kernel, or changed the same index, meanwhile.
 */
export type Steps<R> = Generator<undefined, R, boolean>;

/** So long, in milliseconds, work in steps holds the event loop in one of its turns. */
const sliceMs = 8;

/** Milliseconds that are left of this turn of the event loop. */
let left = sliceMs;
let isRenewing = false;
/** Work that waits for a turn of its own, first come first served. */
const waiting: (() => void)[] = [];

function renew(): void {
  isRenewing = false;
  left = sliceMs;
  waiting.shift()?.();
  if (waiting.length > 0) renewLater();
}

function renewLater(): void {
  if (isRenewing) return;
  isRenewing = true;
  setImmediate(renew);
}

/** Resolves in a later turn of the event loop, in which nobody else who waits goes on. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    renewLater();
  });
}

/**
 * Resolves in a turn of the event loop that is left to the caller: for work that can't be cut in steps, such as parsing. Nobody's
 * slices run in that turn.
 */
export async function ownTurn(): Promise<void> {
  await nextTurn();
  left = 0;
}

/** Does the work at once, however long it takes. */
export function runToEnd<R>(steps: Steps<R>): R {
  for (;;) {
    const step = steps.next(false);
    if (step.done) return step.value;
  }
}

/**
 * Does the work in slices between which the event loop runs: begins before it returns where this turn has time left, so
 * that short work is done by then. All work of this process that is done so shares one slice a turn.
 * @param now milliseconds, of any beginning
 * @param signal asked behind each pause: work that nobody waits for any more ends there, by its `finally` blocks
 * @throws the signal's reason, and what the work throws
 */
export async function runInSlices<R>(
  steps: Steps<R>,
  now: () => number = () => performance.now(),
  signal?: AbortSignal,
): Promise<R> {
  let paused = false;
  for (;;) {
    if (left <= 0) {
      await nextTurn();
      if (signal?.aborted) {
        steps.return(undefined as never);
        throw signal.reason;
      }
      paused = true;
    }
    const begun = now();
    const until = begun + left;
    let at = begun;
    try {
      do {
        const step = steps.next(paused);
        if (step.done) return step.value;
        paused = false;
        at = now();
      } while (at < until);
    } finally {
      left -= now() - begun;
      renewLater();
    }
  }
}

/** As `runInSlices`, the first step at once whatever the turn has left: who needs no more waits for nobody. */
export async function firstAtOnce<R>(steps: Steps<R>): Promise<R> {
  const begun = performance.now();
  const first = steps.next(false);
  left -= performance.now() - begun;
  renewLater();
  return first.done ? first.value : await runInSlices(steps);
}

/** Entries of a list that are mapped between two pauses. */
const entriesAtOnce = 16;

/** Maps a list in slices, a short one at once. @param map takes a few dozen microseconds at most */
export function mapInSlices<Entry, Result>(
  list: readonly Entry[],
  map: (entry: Entry) => Result,
): Promise<Result[]> {
  return firstAtOnce(mapSteps(list, map));
}

function* mapSteps<Entry, Result>(list: readonly Entry[], map: (entry: Entry) => Result): Steps<Result[]> {
  const results: Result[] = [];
  for (const entry of list) {
    if (results.length > 0 && results.length % entriesAtOnce === 0) yield;
    results.push(map(entry));
  }
  return results;
}
