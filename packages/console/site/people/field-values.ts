import type { FieldType, FieldValue } from '../api/responses.ts';

/** The contract's form of a string value (a test compares them): the contract itself needs Node. */
export const stringPattern = /^[\p{L}\p{M}\p{Nd}_-]{1,256}$/u;

/**
 * A text as the value of a custom field. Integers beyond 2^53 become a bigint, which keeps its digits.
 * @returns undefined where the type can't have it
 */
export function fieldValue(type: FieldType, text: string): FieldValue | undefined {
  const given = text.trim();
  switch (type) {
    case 'string':
      return stringPattern.test(given) ? given : undefined;
    case 'boolean':
      return given === 'true' ? true : given === 'false' ? false : undefined;
    case 'integer':
      return within(given, 31n);
    case 'long':
      return within(given, 63n);
    case 'float':
    case 'double': {
      const number = given === '' ? Number.NaN : Number(given);
      return Number.isFinite(number) ? number : undefined;
    }
  }
}

function within(text: string, bits: bigint): FieldValue | undefined {
  if (!/^-?\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value < -(1n << bits) || value >= 1n << bits) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
