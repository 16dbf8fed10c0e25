import { isInteger, isSafeNumber, parse, stringify } from 'lossless-json';

/** Integers beyond 2^53, as `long` fields may hold them, become a bigint; every other number is a number. */
export function parseJson(text: string): unknown {
  return parse(text, undefined, (digits) =>
    isInteger(digits) && !isSafeNumber(digits) ? BigInt(digits) : Number(digits),
  );
}

/** A bigint is written with all its digits; `undefined` is left out. */
export function writeJson(value: unknown): string {
  return stringify(value) ?? 'null';
}
