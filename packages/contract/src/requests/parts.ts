import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import { digitsOf, isDecimal, wholeNumber } from '../json/numbers.ts';
import { externalImageIdPattern, faceSetNamePattern } from '../names.ts';
import { once } from '../once.ts';

/**
 * A picture or video as a request gave it. `text` is Base64 not decoded yet, `decoded` what a text of `textLength` characters stood for,
 * `url` not judged yet.
 */
export type Media =
  | { readonly kind: 'base64'; readonly text: string }
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array; readonly textLength: number }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'url'; readonly url: string };

interface Range {
  readonly minimum?: number;
  readonly maximum?: number;
  /** The bounds themselves are out of range. */
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: number;
  readonly description: string;
}

/** A JSON number or a numeric text (multipart sends texts), within the range. */
export function number(range: Range) {
  return numeric('number', range, (digits) => Number(digits));
}

/** Like `number`, but whole. */
export function integer(range: Range) {
  return numeric('integer', range, (digits) => {
    const whole = wholeNumber(digits);
    return whole === undefined ? Number.NaN : Number(whole);
  });
}

function numeric(type: 'number' | 'integer', range: Range, read: (digits: string) => number) {
  const { minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE } = range;
  const { exclusiveMinimum = Number.NEGATIVE_INFINITY, exclusiveMaximum = Number.POSITIVE_INFINITY } = range;
  return z
    .unknown()
    .transform((value, context) => {
      const digits = typeof value === 'string' && isDecimal(value) ? value : digitsOf(value);
      const found = digits === undefined ? Number.NaN : read(digits);
      if (found >= minimum && found <= maximum && found > exclusiveMinimum && found < exclusiveMaximum) {
        return found;
      }
      const kind = type === 'integer' ? 'a whole number' : 'a number';
      context.addIssue({ code: 'custom', message: `must be ${kind}${rangeText(range)}` });
      return z.NEVER;
    })
    .meta({ type, ...range });
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Range): string {
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined) {
    return ` between ${exclusiveMinimum} and ${exclusiveMaximum}`;
  }
  if (minimum === undefined) return maximum === undefined ? '' : `, at most ${maximum}`;
  return maximum === undefined ? `, at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

/** `true` or `false`; as texts too, as multipart sends them. */
export function boolean(description: string) {
  return z
    .union([z.boolean(), z.literal('true'), z.literal('false')], 'must be true or false')
    .transform((value) => value === true || value === 'true')
    .meta({ type: 'boolean', anyOf: undefined, description });
}

export const faceSetName = once(() =>
  z
    .string()
    .regex(faceSetNamePattern, 'must be 1 to 64 letters, digits, _ or -')
    .meta({ description: 'Name of the face set.' }),
);

export const externalImageId = once(() =>
  z
    .string()
    .regex(externalImageIdPattern, 'must be 1 to 36 letters, digits, _ or -')
    .meta({ description: 'Your own id of the picture; one is generated if none is given.' }),
);

/** The key of the face set's name from the path: no parameter or custom field can be called that. */
export const inPath = '{face_set_name}';

/** Any text may be asked for; one that names no face is FRS.0403. */
export const faceId = once(() =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(256, 'must be at most 256 characters')
    .meta({ description: 'Id of a face of the set: 8 letters.' }),
);

export const filter = once(() =>
  z.string().meta({ description: 'Filter on custom fields, external_image_id and face_id (chapter 5.5).' }),
);

/** Values of custom fields; typed later, against the set's definition. */
export const externalFields = once(() =>
  z
    .custom<JsonObject>(isJsonObject, 'must be an object')
    .meta({ type: 'object', description: 'Values of custom fields, by name.', additionalProperties: true }),
);

const file = once(() =>
  z
    .custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be a file of a multipart request')
    .meta({ type: 'string', format: 'binary', description: 'The file itself, in a multipart request.' }),
);
const base64 = once(() =>
  z.string().meta({ description: 'The file in Base64, without white space or data URL prefix.' }),
);
const url = once(() => z.string().meta({ description: 'Where the file is stored: /bucket/key.' }));

/** The three alternatives of a picture or video: `<name>_url`, `<name>_file`, `<name>_base64`. */
export function mediaShape<Name extends string>(name: Name) {
  type Shape = Record<`${Name}_url`, z.ZodOptional<ReturnType<typeof url>>> &
    Record<`${Name}_file`, z.ZodOptional<ReturnType<typeof file>>> &
    Record<`${Name}_base64`, z.ZodOptional<ReturnType<typeof base64>>>;
  return {
    [`${name}_url`]: url().optional(),
    [`${name}_file`]: file().optional(),
    [`${name}_base64`]: base64().optional(),
  } as Shape;
}

export function mediaNames(name: string): readonly string[] {
  return [`${name}_url`, `${name}_file`, `${name}_base64`];
}

/** The one alternative that was given; call it only where exactly one is sure to be. */
export function mediaOf(name: string, given: Readonly<Record<string, unknown>>): Media | undefined {
  const [urlValue, bytes, text] = mediaNames(name).map((key) => given[key]);
  if (typeof urlValue === 'string') return { kind: 'url', url: urlValue };
  if (bytes instanceof Uint8Array) return { kind: 'file', bytes };
  if (typeof text === 'string') return { kind: 'base64', text };
  return undefined;
}
