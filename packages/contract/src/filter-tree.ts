import type { FieldValue } from './fields.ts';

/**
 * A parsed and type-checked filter (chapter 5.5). `field` is a custom field, `external_image_id` or
 * `face_id`; values have the field's own type (`long` as bigint, `float` rounded to single). A face
 * without the field matches neither `equals` nor `range` on it; `not` negates its whole operand.
 */
export type Filter =
  | { readonly kind: 'equals'; readonly field: string; readonly value: FieldValue }
  | {
      readonly kind: 'range';
      readonly field: string;
      /** `undefined` is `*`. */
      readonly low: Bound | undefined;
      readonly high: Bound | undefined;
    }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter };

export interface Bound {
  readonly value: number | bigint;
  readonly inclusive: boolean;
}
