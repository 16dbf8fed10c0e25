import { wilson } from '@openfrs/vision/evaluation';

/** "3 of 40, 7.5 % (2.6–19.9 %)". */
export function shareOf(hits: number, n: number): string {
  const percent = (value: number) => Math.round(1000 * value) / 10;
  const { share, low, high } = wilson(hits, n);
  return `${hits} of ${n}, ${percent(share)} % (${percent(low)}–${percent(high)} %)`;
}
