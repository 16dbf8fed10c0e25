import {
  type FieldSchema,
  type FieldType,
  type FieldValue,
  type FieldValues,
  fieldType,
} from '@openfrs/contract';

/**
 * Custom fields as one lossless text: DynamoDB's own numbers have 38 digits and stop at 1e126, so doubles and
 * signed zeros would not survive as such. Each value is its JavaScript text; the set's schema gives the type back.
 */
export function encodeFields(fields: FieldValues): string {
  return JSON.stringify(Object.entries(fields).map(([name, value]) => [name, toText(value)]));
}

export function decodeFields(text: string, schema: FieldSchema): FieldValues {
  const pairs = JSON.parse(text) as [string, string][];
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => {
      const type = fieldType(schema, name);
      return type === undefined ? [] : [[name, fromText(value, type)]];
    }),
  );
}

function toText(value: FieldValue): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function fromText(text: string, type: FieldType): FieldValue {
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      return text === 'true';
    case 'long':
      return BigInt(text);
    default:
      return Number(text);
  }
}
