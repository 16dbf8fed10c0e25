/** Milliseconds that some work takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Calls so often, 20 times a second, each at its own time, whether or not the one before has ended. */
export async function atPace(calls: number, call: () => Promise<number>): Promise<number[]> {
  const called: Promise<number>[] = [];
  for (let index = 0; index < calls; index += 1) {
    const times = call();
    // Thrown at the end.
    times.catch(() => undefined);
    called.push(times);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Promise.all(called);
}

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] as number;
export const median = (values: readonly number[]) => quantile(values, 0.5);
export const round = (value: number) => Math.round(value * 100) / 100;
