/** Milliseconds that some work takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] as number;
export const median = (values: readonly number[]) => quantile(values, 0.5);
export const round = (value: number) => Math.round(value * 100) / 100;
