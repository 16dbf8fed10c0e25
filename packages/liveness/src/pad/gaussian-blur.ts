/**
 * A square picture blurred by a Gaussian of `sigma` pixels, edges repeated: three running means (P. Kovesi, "Fast almost-
 * Gaussian filtering", DICTA 2010), for sigmas below 2 a kernel.
 */
export function gaussianBlur(grey: Float32Array, side: number, sigma: number): Float32Array {
  if (sigma < 2) {
    const kernel = kernelOf(sigma);
    return bothWays(grey, side, kernel.length - 1, (row, to) => weighted(row, to, kernel, side));
  }
  const radii = boxRadii(sigma);
  const most = Math.max(...radii);
  return bothWays(grey, side, most, (row, to) => {
    runningMean(row, to, side, most, radii[0]);
    repeatEdges(to, side, most);
    runningMean(to, row, side, most, radii[1]);
    repeatEdges(row, side, most);
    runningMean(row, to, side, most, radii[2]);
  });
}

/** Blurs the rows, exchanged with the columns, twice. `row` has `margin` values more at both ends, and may be overwritten. */
function bothWays(
  grey: Float32Array,
  side: number,
  margin: number,
  blur: (row: Float32Array, to: Float32Array) => void,
): Float32Array {
  // One value more: the last running mean looks ahead.
  const length = side + 2 * margin + 1;
  const [row, blurred] = [new Float32Array(length), new Float32Array(length)];
  const pass = (from: Float32Array) => {
    const turned = new Float32Array(from.length);
    for (let y = 0; y < side; y++) {
      for (let x = 0, at = y * side; x < side; x++, at++) row[margin + x] = from[at] as number;
      repeatEdges(row, side, margin);
      blur(row, blurred);
      for (let x = 0; x < side; x++) turned[x * side + y] = blurred[margin + x] as number;
    }
    return turned;
  };
  return pass(pass(grey));
}

function repeatEdges(row: Float32Array, side: number, margin: number): void {
  row.fill(row[margin] as number, 0, margin);
  row.fill(row[margin + side - 1] as number, margin + side);
}

/** One half of a Gaussian with its middle, cut off at 2.5 sigma; sums to 1 with the other half. */
function kernelOf(sigma: number): Float32Array {
  const half = Float32Array.from({ length: Math.ceil(2.5 * sigma) + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const total = half.reduce((sum, value, i) => sum + (i === 0 ? value : 2 * value), 0);
  return half.map((value) => value / total);
}

function weighted(row: Float32Array, to: Float32Array, kernel: Float32Array, side: number): void {
  const margin = kernel.length - 1;
  for (let x = margin; x < margin + side; x++) {
    let sum = (kernel[0] as number) * (row[x] as number);
    for (let r = 1; r <= margin; r++)
      sum += (kernel[r] as number) * ((row[x - r] as number) + (row[x + r] as number));
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

function runningMean(
  row: Float32Array,
  to: Float32Array,
  side: number,
  margin: number,
  radius: number,
): void {
  let sum = 0;
  for (let i = margin - radius; i <= margin + radius; i++) sum += row[i] as number;
  const width = 2 * radius + 1;
  for (let x = margin; x < margin + side; x++) {
    to[x] = sum / width;
    sum += (row[x + radius + 1] as number) - (row[x - radius] as number);
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
