/**
 * Lets jobs run side by side while their weights fit, and the rest wait in order: a hundred requests at a time then
 * hold a hundred files, but only so many decoded pixels. A job heavier than the capacity runs alone.
 */
export function createGate(capacity: number): <T>(weight: number, job: () => Promise<T>) => Promise<T> {
  let load = 0;
  const waiting: { readonly weight: number; readonly start: () => void }[] = [];

  function admit(): void {
    for (let next = waiting[0]; next && (load === 0 || load + next.weight <= capacity); next = waiting[0]) {
      waiting.shift();
      load += next.weight;
      next.start();
    }
  }

  return async (weight, job) => {
    await new Promise<void>((start) => {
      waiting.push({ weight, start });
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
