import type { Steps } from '@openfrs/contract/steps';
import type { Block } from '../block.ts';
import { type Columns, encodeFaceId, faceIdBytes } from '../columns/columns.ts';
import type { Codes, StringColumn } from '../columns/string-column.ts';
import type { ValueColumn } from '../columns/value-column.ts';
import type { Intervals } from './intervals.ts';
import type { Condition, Plan } from './plan.ts';

/**
 * Sets bit `row - from` of `out` for each row of [from, to) that passes, and clears the others; `from` is a multiple of 32.
 * Reads the columns as they are at the moment of the call.
 */
type Matcher = (from: number, to: number, out: Uint32Array) => void;

/** A plan bound to a block's columns. */
export interface BoundFilter {
  readonly match: Matcher;
  /** What a row costs, in comparisons. */
  readonly cost: number;
}

/** Texts of a filter looked up between two yields. */
const lookups = 64;

/** Finds the plan's texts in the block's dictionaries. @throws Error the block's columns are not in memory yet */
export function* bindPlan(plan: Plan, block: Block): Steps<BoundFilter> {
  const { columns } = block;
  if (!columns) throw new Error('A filter needs the columns part of every segment');
  return yield* bound(plan, columns);
}

function* bound(plan: Plan, columns: Columns): Steps<BoundFilter> {
  if (plan.kind === 'condition') return yield* boundCondition(plan, columns);
  const operands: BoundFilter[] = [];
  for (const operand of plan.operands) operands.push(yield* bound(operand, columns));
  const matchers = operands.map(({ match }) => match);
  return {
    match: plan.kind === 'and' ? everyOf(matchers) : anyOf(matchers),
    cost: operands.reduce((sum, { cost }) => sum + cost, 0),
  };
}

function everyOf([first, ...others]: readonly Matcher[]): Matcher {
  let scratch = new Uint32Array(0);
  return (from, to, out) => {
    first!(from, to, out);
    const words = Math.ceil((to - from) / 32);
    if (scratch.length < words) scratch = new Uint32Array(words);
    for (const match of others) {
      let any = 0;
      for (let word = 0; word < words; word += 1) any |= out[word]!;
      if (any === 0) return;
      match(from, to, scratch);
      for (let word = 0; word < words; word += 1) out[word]! &= scratch[word]!;
    }
  };
}

function anyOf([first, ...others]: readonly Matcher[]): Matcher {
  let scratch = new Uint32Array(0);
  return (from, to, out) => {
    first!(from, to, out);
    const words = Math.ceil((to - from) / 32);
    if (scratch.length < words) scratch = new Uint32Array(words);
    for (const match of others) {
      match(from, to, scratch);
      for (let word = 0; word < words; word += 1) out[word]! |= scratch[word]!;
    }
  };
}

function* boundCondition({ field, negated, values }: Condition, columns: Columns): Steps<BoundFilter> {
  const found = yield* positive(field, values, columns);
  if (!negated) return found;
  const { match, cost } = found;
  return {
    cost,
    match(from, to, out) {
      match(from, to, out);
      for (let word = Math.ceil((to - from) / 32) - 1; word >= 0; word -= 1) out[word] = ~out[word]!;
    },
  };
}

function* positive(field: string, values: Condition['values'], columns: Columns): Steps<BoundFilter> {
  if (values.kind === 'texts') {
    if (field === 'face_id') return faceIds(values.texts, columns);
    const column = field === 'external_image_id' ? columns.externalImageId : columns.fields.get(field);
    return yield* texts(values.texts, column as StringColumn);
  }
  const column = columns.fields.get(field) as ValueColumn;
  if (values.kind === 'numbers') return numbers(values.intervals, column);
  return longs(values.intervals, column);
}

/** A bit of each code of the dictionary, looked up once. */
function* texts(wanted: ReadonlySet<string>, column: StringColumn): Steps<BoundFilter> {
  const { dictionary } = column;
  let size = dictionary.size;
  let passing = new Uint8Array(size + 1);
  /** The code of the only text that passes, 0 where it is not known to be the only one. */
  let only = 0;
  const absent: string[] = [];
  let looked = 0;
  for (const text of wanted) {
    const code = dictionary.find(text);
    if (code !== undefined && code <= size) passing[code] = 1;
    else absent.push(text);
    if (wanted.size === 1) only = code ?? 0;
    looked += 1;
    if (looked % lookups === 0) yield;
  }
  const takeInNew = () => {
    const grown = new Uint8Array(dictionary.size + 1);
    grown.set(passing);
    for (const text of absent) {
      const code = dictionary.findAdded(text);
      if (code !== undefined) grown[code] = 1;
    }
    passing = grown;
    size = dictionary.size;
  };
  return {
    cost: 1,
    match(from, to, out) {
      // Updates may have brought new texts since.
      if (dictionary.size > size) takeInNew();
      if (only > 0) areCode(column.codes, only, from, to, out);
      else arePassing(column.codes, passing, from, to, out);
    },
  };
}

function areCode(codes: Codes, code: number, from: number, to: number, out: Uint32Array): void {
  for (let word = 0, row = from; row < to; word += 1) {
    let bits = 0;
    for (const end = Math.min(to, row + 32); row < end; row += 1) {
      if (codes[row] === code) bits |= 1 << (row & 31);
    }
    out[word] = bits;
  }
}

function arePassing(codes: Codes, passing: Uint8Array, from: number, to: number, out: Uint32Array): void {
  for (let word = 0, row = from; row < to; word += 1) {
    let bits = 0;
    for (const end = Math.min(to, row + 32); row < end; row += 1) {
      bits |= passing[codes[row]!]! << (row & 31);
    }
    out[word] = bits;
  }
}

function numbers(intervals: Intervals<number>, column: ValueColumn): BoundFilter {
  const lows = Float64Array.from(intervals, ({ low }) => low);
  const highs = Float64Array.from(intervals, ({ high }) => high);
  const [low = 1, high = 0] = [lows[0], highs[0]];
  const cost = 1 + Math.ceil(Math.log2(Math.max(1, lows.length)));
  return {
    cost,
    match(from, to, out) {
      const { values, present } = column;
      if (values instanceof BigInt64Array) throw new RangeError('A number for a long');
      if (lows.length <= 1) betweenTwo(values, low, high, from, to, out);
      else withinAny(values, lows, highs, from, to, out);
      keepPresent(present, from, to, out);
    },
  };
}

type Numbers = Exclude<ValueColumn['values'], BigInt64Array>;

function betweenTwo(
  values: Numbers,
  low: number,
  high: number,
  from: number,
  to: number,
  out: Uint32Array,
): void {
  for (let word = 0, row = from; row < to; word += 1) {
    let bits = 0;
    for (const end = Math.min(to, row + 32); row < end; row += 1) {
      const value = values[row]!;
      if (value >= low && value <= high) bits |= 1 << (row & 31);
    }
    out[word] = bits;
  }
}

function withinAny(
  values: Numbers,
  lows: Float64Array,
  highs: Float64Array,
  from: number,
  to: number,
  out: Uint32Array,
): void {
  for (let word = 0, row = from; row < to; word += 1) {
    let bits = 0;
    for (const end = Math.min(to, row + 32); row < end; row += 1) {
      if (isWithin(values[row]!, lows, highs)) bits |= 1 << (row & 31);
    }
    out[word] = bits;
  }
}

/** Rows without a value match nothing. */
function keepPresent(present: Uint32Array, from: number, to: number, out: Uint32Array): void {
  const words = Math.ceil((to - from) / 32);
  const first = from >> 5;
  for (let word = 0; word < words; word += 1) out[word]! &= present[first + word]!;
}

function isWithin(value: number, lows: Float64Array, highs: Float64Array): boolean {
  let first = 0;
  let after = lows.length;
  while (first < after) {
    const middle = (first + after) >> 1;
    if (lows[middle]! <= value) first = middle + 1;
    else after = middle;
  }
  return first > 0 && value <= highs[first - 1]!;
}

function longs(intervals: Intervals<bigint>, column: ValueColumn): BoundFilter {
  const within = longIntervals(intervals);
  return {
    cost: within.cost,
    match(from, to, out) {
      const { values, present } = column;
      if (!(values instanceof BigInt64Array))
        throw new RangeError(`A long for a field of type ${column.type}`);
      within.match(values, from, to, out);
      keepPresent(present, from, to, out);
    },
  };
}

/** 8 letters are compared as one 64-bit integer. */
function faceIds(wanted: ReadonlySet<string>, columns: Columns): BoundFilter {
  const asLongs = [...wanted]
    .filter((id) => Buffer.byteLength(id, 'utf8') === faceIdBytes)
    .map((id) => Buffer.from(encodeFaceId(id)).readBigInt64LE());
  const sorted = asLongs.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const within = longIntervals(sorted.map((value) => ({ low: value, high: value })));
  return {
    cost: within.cost,
    match: (from, to, out) => within.match(columns.faceIds, from, to, out),
  };
}

/** Compares halves instead of bigints, which would be made for every row. */
function longIntervals(intervals: Intervals<bigint>) {
  const count = intervals.length;
  const upperOf = (value: bigint) => Number(value >> 32n);
  const lowerOf = (value: bigint) => Number(BigInt.asUintN(32, value));
  const lowUppers = Int32Array.from(intervals, ({ low }) => upperOf(low));
  const lowLowers = Uint32Array.from(intervals, ({ low }) => lowerOf(low));
  const highUppers = Int32Array.from(intervals, ({ high }) => upperOf(high));
  const highLowers = Uint32Array.from(intervals, ({ high }) => lowerOf(high));
  const find = count <= 1 ? inOne : inMany;
  return {
    cost: 2 + Math.ceil(Math.log2(Math.max(1, count))),
    /** @param values 8 bytes a row */
    match(
      { buffer, byteOffset }: BigInt64Array | Uint8Array,
      from: number,
      to: number,
      out: Uint32Array,
    ): void {
      const halves = new Int32Array(buffer, byteOffset, to * 2);
      find({ lowUppers, lowLowers, highUppers, highLowers }, halves, from, to, out);
    },
  };
}

/** The halves of the intervals' ends. */
interface Ends {
  readonly lowUppers: Int32Array;
  readonly lowLowers: Uint32Array;
  readonly highUppers: Int32Array;
  readonly highLowers: Uint32Array;
}

/** Turns the order of unsigned 32-bit integers into that of signed ones, which are compared without becoming doubles. */
const signed = (lower: number) => lower ^ -0x8000_0000;

function inOne(
  { lowUppers, lowLowers, highUppers, highLowers }: Ends,
  halves: Int32Array,
  from: number,
  to: number,
  out: Uint32Array,
): void {
  // Without an interval: one that nothing is in.
  const [lowUpper = 1, highUpper = 0] = [lowUppers[0], highUppers[0]];
  const [lowLower, highLower] = [signed(lowLowers[0] ?? 0), signed(highLowers[0] ?? 0)];
  for (let word = 0, row = from; row < to; word += 1) {
    let bits = 0;
    for (const end = Math.min(to, row + 32); row < end; row += 1) {
      const upper = halves[row * 2 + 1]!;
      if (upper < lowUpper || upper > highUpper) continue;
      const lower = signed(halves[row * 2]!);
      if ((upper === lowUpper && lower < lowLower) || (upper === highUpper && lower > highLower)) continue;
      bits |= 1 << (row & 31);
    }
    out[word] = bits;
  }
}

function inMany(
  { lowUppers, lowLowers, highUppers, highLowers }: Ends,
  halves: Int32Array,
  from: number,
  to: number,
  out: Uint32Array,
): void {
  out.fill(0, 0, Math.ceil((to - from) / 32));
  for (let row = from; row < to; row += 1) {
    const upper = halves[row * 2 + 1]!;
    const lower = halves[row * 2]! >>> 0;
    let first = 0;
    let after = lowUppers.length;
    while (first < after) {
      const middle = (first + after) >> 1;
      const low = lowUppers[middle]!;
      if (low < upper || (low === upper && lowLowers[middle]! <= lower)) first = middle + 1;
      else after = middle;
    }
    if (first === 0) continue;
    const high = highUppers[first - 1]!;
    if (upper < high || (upper === high && lower <= highLowers[first - 1]!)) {
      out[(row - from) >> 5]! |= 1 << (row & 31);
    }
  }
}
