import { type FieldSchema, fieldTypes, once } from '@openfrs/contract';
import * as z from 'zod';
import { type Planes, planeStep } from '../planes.ts';
import { strideOf } from '../quantise.ts';
import { allocate, hashRegion } from '../region.ts';
import { type SegmentPart, type SegmentPlan, segmentParts } from '../types.ts';
import {
  type DictionarySizes,
  type Layout,
  layoutOf,
  segmentHeaderBytes,
  segmentMaxRows,
  stringColumns,
} from './layout.ts';

/** The bytes are no segment of this version, or not those that were written. */
export class SegmentDamaged extends Error {
  override readonly name = 'SegmentDamaged';
}

/** A segment file of a format that a newer openfrs writes: nothing is wrong with it, and this one can't read it. */
export class SegmentNewer extends Error {
  override readonly name = 'SegmentNewer';
}

/** The latest version of the format that is known here. */
const lastVersion = 2;
/** What every version of the format has in its header's JSON. */
const versioned = once(() => z.object({ version: z.int().min(1) }));

/** A plan with what only this package needs of a header. */
export interface SegmentHeader extends SegmentPlan {
  readonly dictionaries: DictionarySizes;
  readonly checksums: Readonly<Record<SegmentPart, string>>;
  /** Of rows that are quantised along a rotation's axes. */
  readonly planes: Planes | undefined;
}

const headerJson = once(() => {
  const count = z.int().min(0);
  const part = z.object({ xxh64: z.string().regex(/^[0-9a-f]{16}$/) });
  const planeBytes = count.multipleOf(planeStep);
  return z.object({
    version: z.union([z.literal(1), z.literal(2)]),
    planes: z.tuple([planeBytes, planeBytes, planeBytes]).optional(),
    rows: count.max(segmentMaxRows),
    dimension: z.int().min(1).max(1024),
    firstNumber: z.int().min(-1),
    lastNumber: z.int().min(-1),
    byteLength: count,
    fields: z.array(z.tuple([z.string(), z.enum(fieldTypes)])),
    // As a map: a record of zod leaves out a field that is called `__proto__`.
    dictionaries: z
      .unknown()
      .transform((value) => new Map(Object.entries(value ?? {})))
      .pipe(z.map(z.string(), z.object({ entries: count, bytes: count }))),
    parts: z.object({ codes: part, columns: part, vectors: part }),
  });
});

const magic = Buffer.from('OPENFRS1', 'latin1');
/** Magic, length of the JSON (u32), zero (u32), XXH64 of the JSON (u64), JSON. All little-endian. */
const jsonAt = 24;

/** The header as JSON; the offsets of sections are for other readers: they follow from the rest. */
export function encodeHeader(
  header: Omit<SegmentHeader, 'byteLength' | 'parts'>,
  layout: Layout,
): Uint8Array {
  const { rows, dimension, fields, firstNumber, lastNumber, dictionaries, checksums, planes } = header;
  const json = Buffer.from(
    JSON.stringify({
      // What has no rotation is what readers of the first version read.
      ...(planes ? { version: 2, planes } : { version: 1 }),
      ...{ rows, dimension, firstNumber, lastNumber, byteLength: layout.byteLength },
      fields: Object.entries(fields),
      dictionaries: Object.fromEntries(dictionaries),
      parts: Object.fromEntries(
        segmentParts.map((part) => [part, { ...layout.parts[part], xxh64: checksums[part] }]),
      ),
      sections: Object.fromEntries(
        [...layout.sections].map(([name, { offset, length }]) => [name, [offset, length]]),
      ),
    }),
  );
  if (jsonAt + json.length > segmentHeaderBytes) throw new RangeError('Too many fields for a segment header');
  const bytes = Buffer.alloc(segmentHeaderBytes);
  magic.copy(bytes);
  bytes.writeUInt32LE(json.length, 8);
  bytes.writeBigUInt64LE(BigInt(`0x${hashBytes(json)}`), 16);
  json.copy(bytes, jsonAt);
  return bytes;
}

/** Reads the first `segmentHeaderBytes` of a segment file. @throws SegmentDamaged, SegmentNewer */
export function decodeHeader(head: Uint8Array): SegmentHeader {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, segmentHeaderBytes));
  if (bytes.length < segmentHeaderBytes) throw new SegmentDamaged('A segment file shorter than its header');
  if (!bytes.subarray(0, 8).equals(magic)) throw new SegmentDamaged('Not a segment file of this version');
  const length = bytes.readUInt32LE(8);
  if (jsonAt + length > segmentHeaderBytes) throw new SegmentDamaged('A segment header beyond its place');
  const json = bytes.subarray(jsonAt, jsonAt + length);
  if (BigInt(`0x${hashBytes(json)}`) !== bytes.readBigUInt64LE(16)) {
    throw new SegmentDamaged('The segment header is not what was written');
  }
  return checked(JSON.parse(json.toString('utf8')));
}

/** The checksum says that the header is as it was written; this says that it describes a segment of this layout. */
function checked(json: unknown): SegmentHeader {
  const format = versioned().safeParse(json);
  if (format.success && format.data.version > lastVersion) {
    throw new SegmentNewer(
      `A segment of format version ${format.data.version}, written by a newer openfrs: this one knows ${lastVersion} and before`,
    );
  }
  const parsed = headerJson().safeParse(json);
  if (!parsed.success)
    throw new SegmentDamaged('A segment header that makes no sense', { cause: parsed.error });
  const { rows, dimension, firstNumber, lastNumber, byteLength, dictionaries, parts } = parsed.data;
  const { version, planes } = parsed.data;
  const stride = planes?.reduce((sum, bytes) => sum + bytes, 0);
  if ((version === 2) !== (planes !== undefined) || (planes && stride !== strideOf(dimension))) {
    throw new SegmentDamaged('A segment header with other planes');
  }
  const fields: FieldSchema = Object.fromEntries(parsed.data.fields);
  if (!stringColumns(fields).every((name) => dictionaries.has(name))) {
    throw new SegmentDamaged('A segment header without a dictionary');
  }
  const layout = layoutOf({ dimension, fields }, rows, dictionaries, planes);
  if (layout.byteLength !== byteLength) throw new SegmentDamaged('A segment header of another layout');
  return {
    ...{ rows, dimension, fields, firstNumber, lastNumber, byteLength, dictionaries, planes },
    parts: layout.parts,
    checksums: { codes: parts.codes.xxh64, columns: parts.columns.xxh64, vectors: parts.vectors.xxh64 },
  };
}

function hashBytes(bytes: Uint8Array): string {
  const region = allocate(bytes.length);
  new Uint8Array(region.buffer, region.base).set(bytes);
  return hashRegion(region, 0, bytes.length);
}
