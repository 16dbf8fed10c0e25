/** How long the event loop stood still at a stretch while some work was done. */
export interface Stretch {
  readonly what: string;
  readonly longestMs: number;
  /** Of a turn of the event loop, on all processors: what a loaded machine does not lengthen. */
  readonly longestCpuMs: number;
  readonly allMs: number;
}

/** Does some work, and looks at the clock in each turn of the event loop meanwhile. */
export async function stretchOf(what: string, work: () => Promise<unknown>): Promise<Stretch> {
  const cpu = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let [longestMs, longestCpuMs] = [0, 0];
  const begun = performance.now();
  let last = { at: begun, cpu: cpu() };
  let isRunning = true;
  const look = () => {
    const now = { at: performance.now(), cpu: cpu() };
    longestMs = Math.max(longestMs, now.at - last.at);
    longestCpuMs = Math.max(longestCpuMs, now.cpu - last.cpu);
    last = now;
    if (isRunning) setImmediate(look);
  };
  setImmediate(look);
  await work();
  const allMs = performance.now() - begun;
  await new Promise((resolve) => setImmediate(resolve));
  isRunning = false;
  return { what, longestMs, longestCpuMs, allMs };
}

/** 2,700 conditions in 16 kB, as an attacker writes them. */
export const hostileFilters = {
  same: Array(2700).fill('a:9').join('||'),
  values: Array.from({ length: 1700 }, (_, i) => `a:${i * 2}`).join('||'),
  pairs: Array.from({ length: 256 }, (_, i) => `a:${i}&&b:${i}`).join('||'),
};
