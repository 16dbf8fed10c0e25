/** Runs at most so many calls at once; the others wait in the order of coming. */
export interface Semaphore {
  <R>(call: () => Promise<R>): Promise<R>;
  /** Calls running or waiting. */
  readonly load: () => number;
}

export function createSemaphore(concurrency: number): Semaphore {
  let running = 0;
  const waiting: (() => void)[] = [];
  const semaphore = async <R>(call: () => Promise<R>): Promise<R> => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so nobody who comes now slips in between.
      if (next === undefined) running -= 1;
      else next();
    }
  };
  return Object.assign(semaphore, { load: () => running + waiting.length });
}

/** One semaphore for each key that is in use. */
export function createKeyedSemaphore(
  concurrency: number,
): <R>(key: string, call: () => Promise<R>) => Promise<R> {
  const semaphores = new Map<string, Semaphore>();
  return async (key, call) => {
    const semaphore = semaphores.get(key) ?? createSemaphore(concurrency);
    semaphores.set(key, semaphore);
    try {
      return await semaphore(call);
    } finally {
      if (semaphore.load() === 0) semaphores.delete(key);
    }
  };
}

/** The list in parts of `size` entries; the last one may be shorter. */
export function chunk<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

/** Maps with at most `concurrency` calls in flight; the first failure is thrown after the started calls have ended. */
export async function mapConcurrent<T, R>(
  list: readonly T[],
  concurrency: number,
  call: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(list.length);
  let next = 0;
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    while (next < list.length && failure === undefined) {
      const index = next++;
      try {
        results[index] = await call(list[index] as T, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, list.length) }, worker));
  if (failure !== undefined) throw failure.error;
  return results;
}
