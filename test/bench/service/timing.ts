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

export const round = (value: number) => Math.round(value * 100) / 100;
