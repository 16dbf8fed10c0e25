/** A share of cases with its 95 % interval, all in [0, 1]. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Of the standard normal distribution, both tails together 5 %. */
const z = 1.96;

/**
 * Wilson's score interval: it also tells what no case or every case of few leaves open. Pairs that share a photo are not
 * independent: of pairs it is a lower bound of the uncertainty. Without cases everything is possible.
 */
export function wilson(hits: number, cases: number): Share {
  if (cases === 0) return { share: 0, low: 0, high: 1 };
  const share = hits / cases;
  const spread = z * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases));
  const middle = share + (z * z) / (2 * cases);
  const scale = 1 + (z * z) / cases;
  return {
    share,
    low: hits === 0 ? 0 : (middle - spread) / scale,
    high: hits === cases ? 1 : (middle + spread) / scale,
  };
}
