import {
  type FieldSchema,
  type FieldValues,
  FrsError,
  fieldType,
  fieldValue,
  isNumeric,
  type Sort,
  type SortDirection,
} from '@openfrs/contract';
import type { SearchHit } from '../ports/face-sets.ts';

export interface SortKey {
  readonly field: string;
  readonly direction: SortDirection;
}

export interface ScoredHit {
  readonly hit: SearchHit;
  readonly similarity: number;
}

/** The custom fields to return: all of the set's if none are named. @throws FrsError FRS.0030 */
export function readReturnFields(
  names: readonly string[] | undefined,
  schema: FieldSchema,
): ReadonlySet<string> {
  for (const name of names ?? []) {
    if (fieldType(schema, name) === undefined) throw new FrsError('FRS.0030', `Field: ${name.slice(0, 64)}.`);
  }
  return new Set(names ?? Object.keys(schema));
}

/** @throws FrsError FRS.0031 not among the returned fields, FRS.0032 not a number field */
export function readSortKeys(sort: Sort, returned: ReadonlySet<string>, schema: FieldSchema): SortKey[] {
  return [...sort].map(([field, direction]) => {
    if (!returned.has(field)) throw new FrsError('FRS.0031', `Field: ${field.slice(0, 64)}.`);
    const type = fieldType(schema, field);
    if (type === undefined || !isNumeric(type)) throw new FrsError('FRS.0032', `Field: ${field}.`);
    return { field, direction };
  });
}

/** By the keys in their order, then by similarity, highest first. A face without the field comes last. */
export function sortHits(hits: readonly ScoredHit[], keys: readonly SortKey[]): ScoredHit[] {
  return [...hits].sort((a, b) => {
    for (const { field, direction } of keys) {
      const order = compareValues(numberOf(a.hit.fields, field), numberOf(b.hit.fields, field), direction);
      if (order !== 0) return order;
    }
    return b.similarity - a.similarity;
  });
}

/** The returned ones of a face's fields. */
export function pickFields(fields: FieldValues, returned: ReadonlySet<string>): FieldValues {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => returned.has(name)));
}

function numberOf(fields: FieldValues, name: string): number | bigint | undefined {
  const value = fieldValue(fields, name);
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

function compareValues(
  a: number | bigint | undefined,
  b: number | bigint | undefined,
  direction: SortDirection,
): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = a < b ? -1 : a > b ? 1 : 0;
  return direction === 'asc' ? order : -order;
}
