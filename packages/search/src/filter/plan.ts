import { type FieldSchema, type FieldType, type FieldValue, type Filter, fieldType } from '@openfrs/contract';
import { above, longInterval, numberInterval } from './interval.ts';
import { type Intervals, intersectionOf, unionOf } from './intervals.ts';

/** The values of one field that pass: texts, or numbers (booleans are 0 and 1). */
type Values =
  | { readonly kind: 'texts'; readonly texts: ReadonlySet<string> }
  | { readonly kind: 'numbers'; readonly intervals: Intervals<number>; readonly whole: boolean }
  | { readonly kind: 'longs'; readonly intervals: Intervals<bigint> };

/** Faces with the field and one of the values, or, negated, all others. */
export interface Condition {
  readonly kind: 'condition';
  readonly field: string;
  readonly negated: boolean;
  readonly values: Values;
}

/**
 * A filter in the form in which it is evaluated: negations stand at conditions, no group is directly within one of its kind,
 * and a group has one condition for each field and polarity, and no two equal groups.
 */
export type Plan = Condition | { readonly kind: 'and' | 'or'; readonly operands: readonly Plan[] };

/**
 * Brings a filter into that form; its meaning stays the same. Takes time linear in its length (times the logarithm, for sorting).
 * @throws RangeError a field that is not in the schema, a range over texts, a value of another type
 */
export function planFilter(filter: Filter, schema: FieldSchema): Plan {
  return planned(filter, schema, false);
}

function planned(filter: Filter, schema: FieldSchema, negated: boolean): Plan {
  switch (filter.kind) {
    case 'not':
      return planned(filter.operand, schema, !negated);
    case 'and':
    case 'or': {
      // De Morgan: a negated group is the other kind of group of what it negates.
      const kind = (filter.kind === 'and') === negated ? 'or' : 'and';
      const operands = filter.operands.map((operand) => planned(operand, schema, negated));
      return groupOf(
        kind,
        operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand])),
      );
    }
    default: {
      const { field } = filter;
      return { kind: 'condition', field, negated, values: valuesOf(filter, typeOf(field, schema)) };
    }
  }
}

function typeOf(field: string, schema: FieldSchema): FieldType {
  if (field === 'face_id' || field === 'external_image_id') return 'string';
  const type = fieldType(schema, field);
  if (type === undefined) throw new RangeError(`No field ${field}`);
  return type;
}

function valuesOf(filter: Filter & { kind: 'equals' | 'range' }, type: FieldType): Values {
  if (filter.kind === 'equals') return only(filter.value, type);
  if (type === 'string' || type === 'boolean') throw new RangeError(`No range over ${filter.field}`);
  const { low, high } = filter;
  if (type === 'long') return { kind: 'longs', intervals: withoutEmpty([longInterval(low, high)]) };
  const found = numberInterval(low, high);
  const whole = type === 'integer';
  const interval = whole ? { low: Math.ceil(found.low), high: Math.floor(found.high) } : found;
  return { kind: 'numbers', intervals: withoutEmpty([interval]), whole };
}

function only(value: FieldValue, type: FieldType): Values {
  if (type === 'string') return { kind: 'texts', texts: new Set([String(value)]) };
  if ((typeof value === 'bigint') !== (type === 'long')) throw new RangeError(`${value} for a ${type}`);
  if (typeof value === 'bigint') return { kind: 'longs', intervals: [{ low: value, high: value }] };
  const intervals = [{ low: Number(value), high: Number(value) }];
  return { kind: 'numbers', intervals, whole: type === 'integer' };
}

const withoutEmpty = <T extends number | bigint>(intervals: Intervals<T>): Intervals<T> =>
  intervals.filter(({ low, high }) => low <= high);

/** Conditions on the same field become one, equal groups one; what is cheap comes first. */
function groupOf(kind: 'and' | 'or', operands: readonly Plan[]): Plan {
  const byField = new Map<string, Condition[]>();
  const groups = new Map<string, Plan>();
  for (const operand of operands) {
    if (operand.kind !== 'condition') {
      groups.set(operands.length === 1 ? '' : keyOf(operand), operand);
      continue;
    }
    const name = `${operand.negated}:${operand.field}`;
    const known = byField.get(name);
    if (known) known.push(operand);
    else byField.set(name, [operand]);
  }
  const conditions = [...byField.values()].map(([first, ...others]): Condition => {
    if (others.length === 0) return first!;
    const all = [first!, ...others].map(({ values }) => values);
    // Neither of two values: not one of both.
    const values = (kind === 'or') === first!.negated ? inAll(all) : inAny(all);
    return { ...first!, values };
  });
  const merged = [...conditions, ...groups.values()];
  return merged.length === 1 ? merged[0]! : { kind, operands: merged };
}

/** Of one field, so of one kind. */
function inAny(all: readonly Values[]): Values {
  const { texts, numbers, longs, whole } = byKind(all);
  if (texts.length > 0) return { kind: 'texts', texts: new Set(texts.flatMap((some) => [...some])) };
  if (longs.length > 0) return { kind: 'longs', intervals: unionOf(longs, (a, b) => b - a === 1n) };
  const areNeighbours = (a: number, b: number) => (whole ? b - a === 1 : above(a) === b);
  return { kind: 'numbers', intervals: unionOf(numbers, areNeighbours), whole };
}

/** Of one field, so of one kind. */
function inAll(all: readonly Values[]): Values {
  const { texts, numbers, longs, whole } = byKind(all);
  if (longs.length > 0) return { kind: 'longs', intervals: intersectionOf(longs) };
  if (numbers.length > 0) return { kind: 'numbers', intervals: intersectionOf(numbers), whole };
  const [first, ...others] = texts.sort((a, b) => a.size - b.size);
  return {
    kind: 'texts',
    texts: new Set([...first!].filter((text) => others.every((some) => some.has(text)))),
  };
}

function byKind(all: readonly Values[]) {
  const texts: ReadonlySet<string>[] = [];
  const numbers: Intervals<number>[] = [];
  const longs: Intervals<bigint>[] = [];
  let whole = false;
  for (const values of all) {
    if (values.kind === 'texts') texts.push(values.texts);
    else if (values.kind === 'longs') longs.push(values.intervals);
    else {
      numbers.push(values.intervals);
      whole = values.whole;
    }
  }
  return { texts, numbers, longs, whole };
}

/** The same for groups of the same meaning, as far as that shows by their conditions and their order. */
function keyOf(plan: Plan): string {
  if (plan.kind !== 'condition') return `${plan.kind}(${plan.operands.map(keyOf).join(' ')})`;
  const { field, negated, values } = plan;
  const listed =
    values.kind === 'texts'
      ? [...values.texts].sort()
      : values.intervals.map(({ low, high }) => `${low} ${high}`);
  return `${negated ? '!' : ''}${field}:[${listed.join()}]`;
}
