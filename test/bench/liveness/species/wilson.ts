/** Wilson's interval of a share at 95 % (E. B. Wilson, 1927). */
function wilson(hits: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.96;
  const p = hits / n;
  const middle = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

/** "3 of 40, 7.5 % (2.6–19.9 %)". */
export function shareOf(hits: number, n: number): string {
  const percent = (value: number) => Math.round(1000 * value) / 10;
  const [low, high] = wilson(hits, n);
  return `${hits} of ${n}, ${percent(n === 0 ? 0 : hits / n)} % (${percent(low)}–${percent(high)} %)`;
}
