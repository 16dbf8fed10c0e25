/** Resolves in the next turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Waits for work that has begun; in how many turns of the event loop from then on it was not over. */
export async function turnsOf<Result>(
  work: Promise<Result>,
): Promise<{ readonly result: Result; readonly turns: number }> {
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  let turns = 0;
  for (; !isOver; turns++) await turn();
  return { result: await over, turns };
}

/** Keeps the processor for a millisecond. */
export function keepBusy(): void {
  const until = performance.now() + 1;
  while (performance.now() < until);
}

/** A clock that goes on by a millisecond whenever it is looked at. */
export function clock(): () => number {
  let at = 0;
  return () => {
    at += 1;
    return at;
  };
}
