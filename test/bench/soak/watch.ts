import type { Served } from '../load/served.ts';
import { judge, type Series, type Verdict } from './flatness.ts';

/** What is watched; memory and disk in MB. */
const figures = ['rss', 'heap', 'external', 'handles', 'disk'] as const;
type Figure = (typeof figures)[number];
export type Sample = Readonly<Record<Figure, number>> & { readonly seconds: number };

/** Beyond these a figure counts as growing: a share of it, and what a few buffers, files or pages come to. */
const bounds: Readonly<Record<Figure, { share: number; slack: number }>> = {
  rss: { share: 0.1, slack: 64 },
  heap: { share: 0.1, slack: 16 },
  external: { share: 0.1, slack: 32 },
  handles: { share: 0, slack: 16 },
  disk: { share: 0.15, slack: 32 },
};

/** What all threads of the service use; heap and external as they are after a garbage collection. */
export async function sample(served: Served, started: number) {
  const seconds = Math.round((Date.now() - started) / 1000);
  const [rss, handles, disk, threads] = await Promise.all([
    served.memory(),
    served.handles(),
    served.disk(),
    served.usage(),
  ]);
  const mebibytes = (sum: number) => Math.round(sum / 1024 / 102.4) / 10;
  const heaps = threads.map(([name, { heapUsed }]) => [name, mebibytes(heapUsed)] as const);
  const values: Sample = {
    seconds,
    rss,
    handles,
    disk,
    heap: mebibytes(threads.reduce((sum, [, { heapUsed }]) => sum + heapUsed, 0)),
    external: mebibytes(threads.reduce((sum, [, { external }]) => sum + external, 0)),
  };
  return { ...values, heaps: Object.fromEntries(heaps) };
}

/** Each figure's verdict. */
export function verdicts(samples: readonly Sample[]): Record<Figure, Verdict> {
  const of = (figure: Figure) => {
    const series: Series = samples.map((one) => [one.seconds, one[figure]]);
    return [figure, judge(series, bounds[figure])] as const;
  };
  return Object.fromEntries(figures.map(of)) as Record<Figure, Verdict>;
}
