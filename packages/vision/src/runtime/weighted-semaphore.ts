/** Runs a job when its turn has come. Rejects with the signal's reason where that aborts before. */
export type WeightedSemaphore = <T>(
  weight: number,
  job: () => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

/**
 * Lets jobs run side by side while their weights fit, and the rest wait in order: a hundred requests at a time then
 * hold a hundred files, but only so many decoded pixels. A job heavier than the capacity runs alone; one whose signal
 * aborts leaves the line.
 */
export function createWeightedSemaphore(capacity: number): WeightedSemaphore {
  let load = 0;
  const waiting = new Set<{ readonly weight: number; readonly start: () => void }>();

  function admit(): void {
    for (const next of waiting) {
      if (load > 0 && load + next.weight > capacity) return;
      waiting.delete(next);
      load += next.weight;
      next.start();
    }
  }

  return async (weight, job, signal) => {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const entry = { weight, start };
      function start(): void {
        signal?.removeEventListener('abort', leave);
        resolve();
      }
      function leave(): void {
        waiting.delete(entry);
        reject(signal?.reason);
        admit();
      }
      signal?.addEventListener('abort', leave, { once: true });
      waiting.add(entry);
      admit();
    });
    try {
      return await job();
    } finally {
      load -= weight;
      admit();
    }
  };
}
