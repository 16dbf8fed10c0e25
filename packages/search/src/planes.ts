/** A figure of each plane that a row's codes may be divided into. */
export type Planes<T = number> = readonly [first: T, second: T, third: T];

/** A row's bytes in each plane are a multiple of this, the kernel's step. */
export const planeStep = 32;

/** Shares of the rows' squared lengths that the first plane, and the first two, hold at least. */
const firstShare = 0.86;
const secondShare = 0.96;
/** The first plane is at most this part of a row: else rows are scanned as a whole, which takes no bound beyond it. */
const mostOfFirst = 0.75;

/**
 * How many dimensions go to each plane, where the earlier have the larger variance; undefined where it isn't worth it.
 * @param variances of each dimension, descending
 */
export function planesOf(variances: Float64Array): Planes | undefined {
  const stride = Math.ceil(variances.length / planeStep) * planeStep;
  const all = variances.reduce((sum, one) => sum + one, 0);
  const holding = (share: number) => {
    let held = 0;
    const last = variances.findIndex((one) => {
      held += one;
      return held >= share * all;
    });
    return Math.ceil((last + 1) / planeStep) * planeStep;
  };
  const first = holding(firstShare);
  if (first === 0 || first > mostOfFirst * stride) return undefined;
  const second = Math.max(first + planeStep, holding(secondShare));
  return second >= stride ? [first, stride - first, 0] : [first, second - first, stride - second];
}

/** Where each plane begins in a row. */
export const startsOf = ([first, second]: Planes): Planes => [0, first, first + second];
