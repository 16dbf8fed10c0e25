/** A point of an embedder's calibration: `far` of all pairs of strangers have at least this cosine. */
interface Point {
  readonly far: number;
  readonly cosine: number;
}

/**
 * Points through which a strictly monotone curve goes: where a lower rate was measured at no higher cosine, as few pairs and rounding
 * have it, neighbours are pooled to their mean (pool adjacent violators), rates by their logarithm.
 * @returns the most frequent false accepts first; at least one point where there is one
 */
export function monotoneCalibration<P extends Point>(points: readonly P[]): P[] {
  const blocks: P[][] = [];
  for (const point of [...points].sort((a, b) => b.far - a.far)) {
    let block = [point];
    for (let last = blocks.at(-1); last !== undefined && !follows(last, block); last = blocks.at(-1)) {
      blocks.pop();
      block = [...last, ...block];
    }
    blocks.push(block);
  }
  return blocks.map(pooled);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const cosineOf = (block: readonly Point[]) => mean(block.map(({ cosine }) => cosine));

function follows(before: readonly Point[], after: readonly Point[]): boolean {
  return cosineOf(after) > cosineOf(before) && before.at(-1)?.far !== after[0]?.far;
}

function pooled<P extends Point>(block: readonly P[]): P {
  const [first] = block as [P];
  if (block.length === 1) return first;
  const far = Math.exp(mean(block.map((point) => Math.log(point.far))));
  return { ...first, far, cosine: cosineOf(block) };
}
