/**
 * The double whose text is the shortest decimal that reads back to the same IEEE single: 3.14 for the single next to it, which as a
 * double would be written 3.140000104904175. Nine significant digits always do (IEEE 754, 5.12.2).
 * @param value rounded to a single first; infinities and NaN come back as they are
 */
export function shortestSingle(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || single === 0) return single;
  for (let digits = 0; digits < 9; digits++) {
    const [mantissa = '', exponent = ''] = single.toExponential(digits).split('e');
    const whole = Number(mantissa.replace('.', ''));
    // At a power of two the neighbour may read back where the nearest decimal doesn't: there the singles lie closer below.
    for (const near of [whole, whole + 1, whole - 1]) {
      const decimal = Number(`${near}e${Number(exponent) - digits}`);
      if (Math.fround(decimal) === single) return decimal;
    }
  }
  return single;
}
