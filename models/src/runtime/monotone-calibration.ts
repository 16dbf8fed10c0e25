/** A point of an embedder's calibration: `far` of all pairs of strangers have at least this cosine. */
interface Point {
  readonly far: number;
  readonly cosine: number;
}

/** Of the room up to cosine 1: what a tenth as many strangers takes at the least. A table that was measured well takes 11 to 19 %. */
const leastStep = 1 / 20;

/**
 * Are two points so far apart as strangers' cosines can be? Steeper ones are of few pairs or rounding, and would let the false
 * match rate fall to nothing right behind the last point.
 * @param after of a lower rate
 */
export function isPlausibleStep(before: Point, after: Point): boolean {
  const decades = Math.log10(before.far / after.far);
  return decades > 0 && after.cosine - before.cosine > leastStep * decades * Math.max(0, 1 - before.cosine);
}

/**
 * Points through which a strictly monotone curve of plausible slope goes: where a lower rate was measured at no higher cosine, or at
 * one that is hardly higher, neighbours are pooled to their mean (pool adjacent violators), rates by their logarithm.
 * @returns the most frequent false accepts first; at least one point where there is one
 */
export function monotoneCalibration<P extends Point>(points: readonly P[]): P[] {
  const blocks: P[][] = [];
  for (const point of [...points].sort((a, b) => b.far - a.far)) {
    let block = [point];
    for (
      let last = blocks.at(-1);
      last !== undefined && !isPlausibleStep(pooled(last), pooled(block));
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = [...last, ...block];
    }
    blocks.push(block);
  }
  return blocks.map(pooled);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function pooled<P extends Point>(block: readonly P[]): P {
  const [first] = block as [P];
  if (block.length === 1) return first;
  const far = Math.exp(mean(block.map((point) => Math.log(point.far))));
  return { ...first, far, cosine: mean(block.map(({ cosine }) => cosine)) };
}
