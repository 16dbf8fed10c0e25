import { median } from '../statistics/quantile.ts';

/** Median milliseconds of a job over some rounds, after one that doesn't count. */
export async function medianMs(rounds: number, job: () => Promise<unknown>): Promise<number> {
  await job();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await job();
    times.push(performance.now() - start);
  }
  return median(times);
}

export interface Times {
  readonly median: number;
  /** What it takes when nothing else runs: other processes only ever add to a time. */
  readonly least: number;
}

/**
 * Milliseconds of several jobs that are to be compared: each round does all of them, one after the other, so that whatever else the
 * machine does meets them alike. One round doesn't count.
 */
export async function timesSideBySide<Name extends string>(
  rounds: number,
  jobs: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, Times>> {
  const names = Object.keys(jobs) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round += 1) {
    for (const name of names) {
      const start = performance.now();
      await jobs[name]();
      if (round >= 0) times.get(name)?.push(performance.now() - start);
    }
  }
  const of = (name: Name): Times => {
    const measured = times.get(name) ?? [];
    return { median: median(measured), least: Math.min(...measured) };
  };
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Times>;
}
