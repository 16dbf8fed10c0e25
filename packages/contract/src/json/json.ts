import { LosslessNumber, stringify } from 'lossless-json';
import { FrsError } from '../error.ts';
import { parseWithExactNumbers } from './exact.ts';
import { scanJson } from './scan.ts';
import { isMostlyAscii } from './text-cost.ts';
import type { JsonObject, JsonValue } from './value.ts';

export type { JsonNumber, JsonObject, JsonValue } from './value.ts';

/** Deeper texts are refused: no request of the contract nests more than three levels. */
export const maxJsonDepth = 64;
/** Texts of more values are refused: they would cost many times their size in memory. */
export const maxJsonCommas = 50_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a request body: UTF-8 (a byte order mark is skipped), one JSON object, of duplicate keys the last one
 * counts, numbers keep their digits where a double would lose some.
 * @throws FrsError FRS.0014
 */
export function parseJsonBody(bytes: Uint8Array): JsonObject {
  if (!isMostlyAscii(bytes)) throw new FrsError('FRS.0014', 'It has too much text.');
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new FrsError('FRS.0014', 'It is not valid UTF-8.');
  }
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new FrsError('FRS.0014', 'It must be a JSON object.');
  return value;
}

/** Parses one JSON text. @throws FrsError FRS.0014 */
export function parseJson(text: string): JsonValue {
  const { depth, commas, exactNumbers } = scanJson(text, maxJsonCommas);
  if (depth > maxJsonDepth) throw new FrsError('FRS.0014', 'It is nested too deeply.');
  if (commas > maxJsonCommas) throw new FrsError('FRS.0014', 'It has too many values.');
  try {
    return exactNumbers.length === 0 ? JSON.parse(text) : parseWithExactNumbers(text, exactNumbers);
  } catch {
    throw new FrsError('FRS.0014');
  }
}

const negativeZero = { test: (value: unknown) => Object.is(value, -0), stringify: () => '-0.0' };

/** Writes an answer; `bigint` becomes a JSON number with all its digits, `undefined` is left out. */
export function writeJson(value: unknown): string {
  return stringify(value, undefined, undefined, [negativeZero]) ?? 'null';
}

/** Of values as `parseJson` gives them, and of a form's files, which are none. */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof LosslessNumber) &&
    !(value instanceof Uint8Array)
  );
}
