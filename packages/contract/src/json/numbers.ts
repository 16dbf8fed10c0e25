import { LosslessNumber } from 'lossless-json';

const decimal = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/** The digits of a JSON number, or undefined for anything that is none. */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return value instanceof LosslessNumber ? value.value : undefined;
}

/** Whether a text is a number as JSON writes it: no suffix (`1.0f`), no `NaN`, no leading zeros or signs. */
export function isDecimal(text: string): boolean {
  return decimal.test(text);
}

/**
 * The whole number that a JSON number's digits stand for, exactly; `1.0` and `1e3` are whole.
 * @returns undefined for a fraction, for what is no number, and beyond 40 digits (no integer type is that wide)
 */
export function wholeNumber(digits: string): bigint | undefined {
  const match = decimal.exec(digits);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const all = (whole + fraction).replace(/^0+/, '');
  if (all === '') return 0n;
  const shift = Number(exponent) - fraction.length;
  if (all.length + shift > 40) return undefined;
  const kept = shift < 0 ? all.slice(0, shift) : all + '0'.repeat(shift);
  const lost = shift < 0 ? all.slice(shift) : '';
  if (/[1-9]/.test(lost)) return undefined;
  const magnitude = BigInt(kept === '' ? 0 : kept);
  return sign === '-' ? -magnitude : magnitude;
}
