/**
 * A square picture blurred by a Gaussian of `sigma` pixels, edges repeated: three running means (P. Kovesi, "Fast almost-
 * Gaussian filtering", DICTA 2010), for sigmas below 2 a kernel.
 */
export function gaussianBlur(grey: Float32Array, side: number, sigma: number): Float32Array {
  if (sigma < 2) {
    const kernel = kernelOf(sigma);
    return bothWays(grey, side, (row, to) => weighted(row, to, kernel));
  }
  const radii = boxRadii(sigma);
  return bothWays(grey, side, (row, to) => {
    runningMean(row, to, radii[0]);
    runningMean(to, row, radii[1]);
    runningMean(row, to, radii[2]);
  });
}

/** Blurs the rows, exchanged with the columns, twice. `row` may be overwritten. */
function bothWays(
  grey: Float32Array,
  side: number,
  blur: (row: Float32Array, to: Float32Array) => void,
): Float32Array {
  const [row, blurred] = [new Float32Array(side), new Float32Array(side)];
  const pass = (from: Float32Array) => {
    const turned = new Float32Array(from.length);
    for (let y = 0; y < side; y++) {
      row.set(from.subarray(y * side, (y + 1) * side));
      blur(row, blurred);
      for (let x = 0; x < side; x++) turned[x * side + y] = blurred[x] as number;
    }
    return turned;
  };
  return pass(pass(grey));
}

/** One half of a Gaussian with its middle, cut off at 2.5 sigma; sums to 1 with the other half. */
function kernelOf(sigma: number): Float32Array {
  const half = Float32Array.from({ length: Math.ceil(2.5 * sigma) + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const total = half.reduce((sum, value, i) => sum + (i === 0 ? value : 2 * value), 0);
  return half.map((value) => value / total);
}

function weighted(row: Float32Array, to: Float32Array, kernel: Float32Array): void {
  const last = row.length - 1;
  for (let x = 0; x <= last; x++) {
    let sum = (kernel[0] as number) * (row[x] as number);
    for (let r = 1; r < kernel.length; r++)
      sum +=
        (kernel[r] as number) *
        ((row[Math.max(0, x - r)] as number) + (row[Math.min(last, x + r)] as number));
    to[x] = sum;
  }
}

/** Radii of three boxes whose variances add up to nearly that of the Gaussian. */
function boxRadii(sigma: number): readonly [number, number, number] {
  const narrow = Math.floor((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  const width = 2 * narrow + 1;
  const narrowOnes = Math.round((12 * sigma * sigma - 3 * width * width - 12 * width - 9) / (-4 * width - 4));
  return [0, 1, 2].map((i) => (i < narrowOnes ? narrow : narrow + 1)) as [number, number, number];
}

function runningMean(row: Float32Array, to: Float32Array, radius: number): void {
  const last = row.length - 1;
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += row[Math.max(0, Math.min(last, i))] as number;
  for (let x = 0; x <= last; x++) {
    to[x] = sum / (2 * radius + 1);
    sum += (row[Math.min(last, x + radius + 1)] as number) - (row[Math.max(0, x - radius)] as number);
  }
}

/**
 * (I − G·I) / √(G·I² − (G·I)² + floor²): detail alone, whatever the light (local contrast normalisation). Spread in
 * pixels, floor in grey levels: weaker detail is taken for noise.
 */
export function locallyNormalised(
  grey: Float32Array,
  side: number,
  sigma: number,
  floor: number,
): Float32Array {
  const mean = gaussianBlur(grey, side, sigma);
  const squares = gaussianBlur(
    grey.map((value) => value * value),
    side,
    sigma,
  );
  for (let at = 0; at < mean.length; at++) {
    const m = mean[at] as number;
    const variance = Math.max(0, (squares[at] as number) - m * m);
    mean[at] = ((grey[at] as number) - m) / Math.sqrt(variance + floor * floor);
  }
  return mean;
}
