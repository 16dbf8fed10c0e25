import { FrsError } from './error.ts';
import type { FieldSchema, FieldType, FieldValue, FieldValues } from './fields.ts';
import type { JsonObject } from './json/json.ts';
import { digitsOf, isDecimal, wholeNumber } from './json/numbers.ts';
import { stringValuePattern } from './names.ts';

/** The declared type of a field; own properties only, so that `constructor` is a field like any other. */
export function fieldType(schema: FieldSchema, name: string): FieldType | undefined {
  return Object.hasOwn(schema, name) ? schema[name] : undefined;
}

/** A face's value of a field, likewise: a face without `constructor` has none, whatever objects inherit. */
export function fieldValue(values: FieldValues, name: string): FieldValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/**
 * Checks what can be judged before any media is read: texts for string fields are well-formed.
 * @throws FrsError FRS.0012
 */
export function checkStringValues(schema: FieldSchema, given: JsonObject): void {
  for (const [name, value] of Object.entries(given)) {
    if (
      typeof value === 'string' &&
      fieldType(schema, name) === 'string' &&
      !stringValuePattern.test(value)
    ) {
      throw new FrsError('FRS.0012', `The value of ${name} must be 1 to 256 letters, digits, _ or -.`);
    }
  }
}

/**
 * Types the custom fields of a face by its set's definition.
 * @throws FrsError FRS.0405 undefined field, FRS.0406 value not of the declared type
 */
export function typeFields(schema: FieldSchema, given: JsonObject): FieldValues {
  for (const name of Object.keys(given)) {
    if (fieldType(schema, name) === undefined) throw new FrsError('FRS.0405', `Field: ${name.slice(0, 64)}.`);
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const type = fieldType(schema, name) as FieldType;
      const typed = typeJsonValue(type, value);
      if (typed === undefined) throw new FrsError('FRS.0406', `Field: ${name}, type: ${type}.`);
      return [name, typed];
    }),
  );
}

/** A JSON value as a field's value; undefined if it isn't exactly of that type. */
function typeJsonValue(type: FieldType, value: unknown): FieldValue | undefined {
  if (type === 'string') {
    return typeof value === 'string' && stringValuePattern.test(value) ? value : undefined;
  }
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  const digits = digitsOf(value);
  return digits === undefined ? undefined : typeNumber(type, digits);
}

/** A text (of a filter or a query) as a field's value; undefined if it isn't of that type. */
export function typeText(type: FieldType, text: string): FieldValue | undefined {
  if (type === 'string') return stringValuePattern.test(text) ? text : undefined;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  return typeNumber(type, text);
}

/** Digits as a numeric field's value: `long` as bigint, `float` rounded to single; undefined if out of range. */
export function typeNumber(
  type: Exclude<FieldType, 'string' | 'boolean'>,
  digits: string,
): number | bigint | undefined {
  if (type === 'integer' || type === 'long') {
    const whole = wholeNumber(digits);
    if (whole === undefined || BigInt.asIntN(type === 'integer' ? 32 : 64, whole) !== whole) return undefined;
    return type === 'integer' ? Number(whole) : whole;
  }
  if (!isDecimal(digits)) return undefined;
  const value = type === 'float' ? Math.fround(Number(digits)) : Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether values of a type have an order: `long`, `integer`, `double`, `float`. */
export function isNumeric(type: FieldType): type is Exclude<FieldType, 'string' | 'boolean'> {
  return type !== 'string' && type !== 'boolean';
}
