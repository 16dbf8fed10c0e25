/** The six types of custom fields (chapter 5.3). */
export const fieldTypes = ['string', 'integer', 'float', 'double', 'boolean', 'long'] as const;
export type FieldType = (typeof fieldTypes)[number];

/** A face set's custom fields: name to type, in the order of definition; at most 10. */
export type FieldSchema = Readonly<Record<string, FieldType>>;

/**
 * A custom field's value: `string`; `integer` a number in [-2^31, 2^31); `long` a bigint in [-2^63, 2^63);
 * `float` a number that is an IEEE single; `double` any finite number; `boolean`.
 */
export type FieldValue = string | number | bigint | boolean;
export type FieldValues = Readonly<Record<string, FieldValue>>;
