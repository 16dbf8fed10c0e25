import type { DenseRegistration } from './dense-registration.ts';
import { gaussianBlur, locallyNormalised } from './gaussian-blur.ts';

/** What is left of a face's change once all movement has been undone; each near 0 for a picture that was only moved. */
export interface RegistrationResidual {
  /** 1 − correlation of the grey levels, [0, 2]. */
  readonly grey: number;
  /** Spread of the logarithm of the change of light over the face, blurred: noise of cameras and coders is not in it. */
  readonly relighting: number;
}

/** Spread of the light's change in pixels of a view, and what keeps dark pixels' logarithms from being noise. */
const lightScale = { spread: 7, floor: 12 };
/** Local detail: blur before, spread of the normalisation (pixels of a view), its floor (grey levels). */
const detailScale = { blur: 1, spread: 6, floor: 2 };

export function residualOf(registration: DenseRegistration): RegistrationResidual {
  return { grey: greyMismatch(registration), relighting: relighting(registration) };
}

/** The first of the residuals alone. */
export const greyMismatch = ({ warped, target, area }: DenseRegistration) => mismatch(warped, target, area);

/**
 * How much of most places differs: median of the squared difference of local detail, light left aside, over the median
 * of its square.
 */
export function detailDifference({ warped, target, area }: DenseRegistration): number {
  return medianDifference(detailOf(warped), targetDetail(target), area);
}

/** 1 − correlation of the local detail, light left aside, [0, 2]. */
export const detailMismatch = ({ warped, target, area }: DenseRegistration) =>
  mismatch(detailOf(warped), targetDetail(target), area);

const detailOf = (grey: Float32Array) =>
  locallyNormalised(gaussianBlur(grey, detailScale.blur), detailScale.spread, detailScale.floor);

/** Of pictures that others are brought to: the same one several times. */
const known = new WeakMap<Float32Array, Float32Array>();

function targetDetail(grey: Float32Array): Float32Array {
  const found = known.get(grey) ?? detailOf(grey);
  known.set(grey, found);
  return found;
}

/** 1 − correlation over the area; 1 where there is nothing to correlate. */
function mismatch(a: Float32Array, b: Float32Array, area: Uint8Array): number {
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < area.length; at++) {
    if (area[at] === 0) continue;
    const [x, y] = [a[at] as number, b[at] as number];
    n += 1;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const varianceA = sumAA - (sumA * sumA) / n;
  const varianceB = sumBB - (sumB * sumB) / n;
  if (!(n > 0 && varianceA > 0 && varianceB > 0)) return 1;
  return 1 - (sumAB - (sumA * sumB) / n) / Math.sqrt(varianceA * varianceB);
}

function medianDifference(warped: Float32Array, target: Float32Array, area: Uint8Array): number {
  let [ww, wt, n] = [1e-9, 0, 0];
  for (let at = 0; at < area.length; at++) {
    if (area[at] === 0) continue;
    ww += (warped[at] as number) ** 2;
    wt += (warped[at] as number) * (target[at] as number);
    n += 1;
  }
  const gain = wt / ww;
  const [differences, squares] = [new Float32Array(n), new Float32Array(n)];
  for (let at = 0, i = 0; at < area.length; at++) {
    if (area[at] === 0) continue;
    differences[i] = ((target[at] as number) - gain * (warped[at] as number)) ** 2;
    squares[i++] = (target[at] as number) ** 2;
  }
  return middle(differences) / Math.max(1e-9, middle(squares));
}

const middle = (values: Float32Array) => values.sort()[values.length >> 1] ?? 0;

/** The second of the residuals alone. */
export function relighting({ warped, target, area }: DenseRegistration): number {
  const change = new Float32Array(target.length);
  for (let at = 0; at < change.length; at++)
    change[at] = Math.log(
      ((target[at] as number) + lightScale.floor) / ((warped[at] as number) + lightScale.floor),
    );
  const light = gaussianBlur(change, lightScale.spread);
  let [n, sum, squares] = [0, 0, 0];
  for (let at = 0; at < area.length; at++) {
    if (area[at] === 0) continue;
    const value = light[at] as number;
    n += 1;
    sum += value;
    squares += value * value;
  }
  return n === 0 ? 0 : Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
}
