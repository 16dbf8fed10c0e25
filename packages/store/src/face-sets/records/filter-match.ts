import { type FieldValue, type FieldValues, type Filter, fieldValue } from '@openfrs/contract';

/** Does a face match a filter? Judged on the exact values of its record. */
export function matches(
  filter: Filter,
  face: { readonly faceId: string; readonly externalImageId: string; readonly fields: FieldValues },
): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => matches(operand, face));
    case 'or':
      return filter.operands.some((operand) => matches(operand, face));
    case 'not':
      return !matches(filter.operand, face);
    case 'equals':
      return valueIn(filter.field, face) === filter.value;
    case 'range': {
      const value = valueIn(filter.field, face);
      if (typeof value !== 'number' && typeof value !== 'bigint') return false;
      const { low, high } = filter;
      if (low !== undefined && !(low.inclusive ? value >= low.value : value > low.value)) return false;
      return high === undefined || (high.inclusive ? value <= high.value : value < high.value);
    }
  }
}

function valueIn(field: string, face: Parameters<typeof matches>[1]): FieldValue | undefined {
  if (field === 'external_image_id') return face.externalImageId;
  if (field === 'face_id') return face.faceId;
  return fieldValue(face.fields, field);
}
