import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is watched, and what collects. */
export interface IdleCollection {
  /** Is anything under way? */
  isBusy(): boolean;
  /** Bytes in use by JavaScript, garbage included; this process's if absent. */
  used?(): number;
  collect?(): void;
}

/** It looks so often, and collects when nothing was under way at two looks. */
const everyMs = 1000;
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
  used = usedBytes,
  collect = collector(),
}: IdleCollection): () => void {
  let floor = used();
  let idleLooks = 0;
  let collected = Number.NEGATIVE_INFINITY;
  let isSettling = false;
  const look = () => {
    if (isBusy()) {
      idleLooks = 0;
      isSettling = false;
      return;
    }
    idleLooks += 1;
    const now = used();
    // What the collection has left is the new measure; buffers are freed a little after it.
    floor = isSettling ? now : Math.min(floor, now);
    isSettling = false;
    const isWorth = now - floor > worthBytes && performance.now() - collected > pauseMs;
    if (idleLooks < 2 || !isWorth) return;
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
