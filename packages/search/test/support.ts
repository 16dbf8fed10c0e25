import {
  type FieldSchema,
  type FieldValue,
  type FieldValues,
  type Filter,
  fieldTypes,
} from '@openfrs/contract';
import {
  cosine,
  encodeSegment,
  openSegment,
  readSegmentPlan,
  segmentHeaderBytes,
  segmentParts,
} from '../src/index.ts';
import type { FaceRow, Hit, IndexSpec, SearchOptions, Segment, SegmentPart } from '../src/types.ts';

/** One field of each type. */
export const everyType: FieldSchema = Object.fromEntries(fieldTypes.map((type) => [`a_${type}`, type]));

/** Names that every object has a member of; all of them are legal names of fields. */
export const memberNames = Object.getOwnPropertyNames(Object.prototype);

/** A small repeatable generator (mulberry32): uniform in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A unit vector of a random direction. */
export function randomVector(dimension: number, random: () => number): Float32Array {
  return unit(Float32Array.from({ length: dimension }, () => random() + random() + random() - 1.5));
}

/** Unit vectors whose variance lies in few directions, as faces' do: those of one set in the same ones. */
export function facesLike(dimension: number, random: () => number): () => Float32Array {
  const mirror = randomVector(dimension, random);
  return () => {
    const vector = randomVector(dimension, random).map((value, i) => value * Math.exp((-4 * i) / dimension));
    const along = 2 * vector.reduce((sum, value, i) => sum + value * mirror[i]!, 0);
    return unit(vector.map((value, i) => value - along * mirror[i]!));
  };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

export function faceRow(number: number, vector: Float32Array, more: Partial<FaceRow> = {}): FaceRow {
  return {
    number,
    faceId: faceIdOf(number),
    box: { topLeftX: number, topLeftY: 1, width: 40, height: 50 },
    externalImageId: `person-${number % 7}`,
    fields: {},
    vector,
    ...more,
  };
}

/** 8 letters for a number. */
export function faceIdOf(number: number): string {
  return [...number.toString().padStart(8, '0')].map((digit) => 'ABCDEFGHij'[Number(digit)]).join('');
}

/** Some of the fields, with a value of each type from a small range, so that filters find several. */
export function randomFields(random: () => number): FieldValues {
  const small = () => Math.floor(random() * 10) - 5;
  const values: Record<string, FieldValue> = {
    a_string: `text_${Math.floor(random() * 5)}`,
    a_integer: small(),
    a_float: Math.fround(small() / 3),
    a_double: small() / 7,
    a_boolean: random() < 0.5,
    a_long: 9_007_199_254_740_993n + BigInt(small()),
  };
  return Object.fromEntries(Object.entries(values).filter(() => random() < 0.8));
}

export function specOf(dimension: number, fields: FieldSchema = {}): IndexSpec {
  return { dimension, fields };
}

/** What a search must answer: every row compared in double precision, sorted whole. */
export function bruteForce(
  rows: Iterable<FaceRow>,
  vector: Float32Array,
  { topN, minCosine }: Pick<SearchOptions, 'topN' | 'minCosine'>,
): Hit[] {
  return [...rows]
    .map((row) => ({ number: row.number, cosine: cosine(vector, row.vector) }))
    .filter((hit) => hit.cosine >= minCosine)
    .sort((a, b) => b.cosine - a.cosine || a.number - b.number)
    .slice(0, topN);
}

/** A segment of these rows, all of it in memory or only some parts. */
export function segmentOf(
  spec: IndexSpec,
  rows: readonly FaceRow[],
  parts: readonly SegmentPart[] = segmentParts,
  rowsOfSet = rows.length,
): Segment {
  const file = encodeSegment(spec, rows);
  const segment = openSegment(readSegmentPlan(file.subarray(0, segmentHeaderBytes)), rowsOfSet);
  for (const part of parts) {
    const { offset, length } = segment.plan.parts[part];
    segment.write(offset, file.subarray(offset, offset + length));
    segment.finish(part);
  }
  return segment;
}

/** Brings what a segment lacks into memory. @param rows that it was made from */
export function completeSegment(segment: Segment, spec: IndexSpec, rows: readonly FaceRow[]): void {
  segment.write(0, encodeSegment(spec, rows));
  for (const part of segmentParts) segment.finish(part);
}

/** The contract's meaning of a filter, face by face. */
export function matches(filter: Filter, row: FaceRow): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => matches(operand, row));
    case 'or':
      return filter.operands.some((operand) => matches(operand, row));
    case 'not':
      return !matches(filter.operand, row);
    default: {
      const builtIn = { face_id: row.faceId, external_image_id: row.externalImageId };
      const value: FieldValue | undefined = { ...row.fields, ...builtIn }[filter.field];
      if (value === undefined) return false;
      if (filter.kind === 'equals') return value === filter.value;
      if (typeof value === 'string') return false;
      const { low, high } = filter;
      const aboveLow = !low || value > low.value || (low.inclusive && value === low.value);
      const belowHigh = !high || value < high.value || (high.inclusive && value === high.value);
      return aboveLow && belowHigh;
    }
  }
}

/** Rows weigh differently, by what their own vectors hold. */
export const someWeight = (vectors: Float32Array, at: number) => 0.01 + Math.abs(vectors[at]!);

/** What a grouped search must answer: the normalised mean direction of each person, weighted. */
export function bruteForceGroups(
  rows: Iterable<FaceRow>,
  vector: Float32Array,
  { topN, minCosine, weightOf = () => 1 }: Pick<SearchOptions, 'topN' | 'minCosine' | 'weightOf'>,
): Hit[] {
  const persons = new Map<string, FaceRow[]>();
  for (const row of rows)
    persons.set(row.externalImageId, [...(persons.get(row.externalImageId) ?? []), row]);
  const hits: Hit[] = [];
  for (const members of persons.values()) {
    const mean = Array.from(vector, () => 0);
    let weights = 0;
    for (const { vector: face } of members) {
      const length = Math.sqrt(face.reduce((sum, value) => sum + value * value, 0));
      if (length === 0) continue;
      const weight = weightOf(face, 0);
      weights += weight;
      for (const [i, value] of face.entries()) mean[i]! += (weight * value) / length;
    }
    const [best] = bruteForce(members, vector, { topN: 1, minCosine: -1 });
    const inner = mean.reduce((sum, value, i) => sum + value * vector[i]!, 0);
    const lengths = Math.hypot(...mean) * Math.hypot(...vector);
    const cancelled = Math.hypot(...mean) < 1e-9 * weights;
    const cosine =
      members.length === 1
        ? best!.cosine
        : lengths === 0 || cancelled
          ? 0
          : Math.max(-1, Math.min(1, inner / lengths));
    if (cosine >= minCosine) hits.push({ number: best!.number, cosine });
  }
  return hits.sort((a, b) => b.cosine - a.cosine || a.number - b.number).slice(0, topN);
}
