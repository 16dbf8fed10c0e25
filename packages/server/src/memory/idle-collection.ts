import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is watched, and what collects. */
export interface IdleCollection {
  /** Is anything under way? */
  isBusy(): boolean;
  /** How many requests were answered so far: while others are, a pause would be theirs. None if absent. */
  answered?(): number;
  /** Bytes in use by JavaScript, garbage included; this process's if absent. */
  used?(): number;
  collect?(): void;
}

/** It looks so often, and collects when nothing was under way at two looks, nor answered between them. */
const everyMs = 1000;
/** Where requests come all the time, and nothing heavy, it collects after so many looks at which it would have been worth it. */
const restlessLooks = 60;
/** Between two collections. */
const pauseMs = 30_000;
/** So much more in use than after the last collection is worth one. */
const worthBytes = 32 * 1024 * 1024;

/**
 * Collects garbage when a burst of work is over. An idle V8 doesn't: what requests have left, buffers above all, would stay until other
 * requests need the room. It keeps the event loop for about 2 ms a megabyte of heap in use, while nothing heavy is under way.
 * @returns what ends it
 */
export function collectWhenIdle({
  isBusy,
  answered = () => 0,
  used = usedBytes,
  collect = collector(),
}: IdleCollection): () => void {
  // What the start has left is garbage as well: the first moment with nothing to do is worth a collection.
  let floor = 0;
  let seen = answered();
  let idleLooks = 0;
  let worthLooks = 0;
  let collected = Number.NEGATIVE_INFINITY;
  let isSettling = false;
  const look = () => {
    const isCalm = answered() === seen;
    seen = answered();
    if (isBusy()) {
      idleLooks = worthLooks = 0;
      return;
    }
    idleLooks = isCalm ? idleLooks + 1 : 0;
    const now = used();
    // What the collection has left is the new measure; buffers are freed a little after it.
    floor = isSettling ? now : Math.min(floor, now);
    isSettling = false;
    const isWorth = now - floor > worthBytes && performance.now() - collected > pauseMs;
    worthLooks = isWorth ? worthLooks + 1 : 0;
    if (!isWorth || (idleLooks < 2 && worthLooks < restlessLooks)) return;
    worthLooks = 0;
    collected = performance.now();
    isSettling = true;
    collect();
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { type: 'major'; execution: 'async' }) => void;
  return () => gc({ type: 'major', execution: 'async' });
}
