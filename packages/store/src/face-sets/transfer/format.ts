import {
  externalImageIdPattern,
  type FieldSchema,
  type FieldType,
  type FieldValues,
  faceSetNamePattern,
  fieldNamePattern,
  fieldTypes,
  idPattern,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  typeFields,
  writeJson,
} from '@openfrs/contract';
import type { BoundingBox } from '@openfrs/core';
import { vectorBytes, vectorOf } from '../records/faces.ts';

/** Pixels of a box's side: an index keeps 32 bits of it. */
const largestSide = 2 ** 31 - 1;

/**
 * An exported face set is a text of lines, each a JSON object (NDJSON). The first is the header, every other one a face,
 * in the order of adding. Vectors are base64 of float32, little endian. See EXPORT.md.
 */
export interface ExportHeader {
  readonly name: string;
  readonly capacity: number;
  readonly fields: FieldSchema;
  readonly model: string;
  readonly dimension: number;
  /** Keeps face ids: the key of the map between numbers and ids. Absent: new ids are made. */
  readonly idKey?: Uint8Array;
}

export interface ExportedFace {
  /** The face's place in the order of adding; with the header's key it gives the face id. */
  readonly number?: number;
  readonly faceId?: string;
  readonly box: BoundingBox;
  readonly externalImageId: string;
  readonly fields: FieldValues;
  readonly vector: Float32Array;
}

/** A line that is not what an export has there; the message says which and why. */
export class ExportDamaged extends Error {
  override readonly name = 'ExportDamaged';
}

export const exportKind = 'openfrs.face-set';
const version = 1;

export function writeHeader(header: ExportHeader): string {
  const { name, capacity, fields, model, dimension, idKey } = header;
  return `${JSON.stringify({
    kind: exportKind,
    version,
    name,
    capacity,
    fields: Object.entries(fields),
    model,
    dimension,
    ...(idKey === undefined ? {} : { id_key: Buffer.from(idKey).toString('base64') }),
  })}\n`;
}

export function writeFace(face: ExportedFace): string {
  const { number, faceId, box, externalImageId, fields, vector } = face;
  const values = Object.entries(fields).map(
    ([name, value]) => `${JSON.stringify(name)}:${Object.is(value, -0) ? '-0' : writeJson(value)}`,
  );
  const line = JSON.stringify({
    number,
    face_id: faceId,
    external_image_id: externalImageId,
    bounding_box: [box.topLeftX, box.topLeftY, box.width, box.height],
    vector: Buffer.from(vectorBytes(vector)).toString('base64'),
  });
  return `${line.slice(0, -1)},"fields":{${values.join(',')}}}\n`;
}

/** @param at the line's number, for messages. @throws ExportDamaged */
export function readHeader(line: string, at = 1): ExportHeader {
  const value = parse(line, at);
  if (value.kind !== exportKind)
    throw new ExportDamaged(`Line ${at} is not the header of an exported face set.`);
  if (value.version !== version)
    throw new ExportDamaged(`Exports of version ${value.version} can't be read.`);
  const { name, capacity, fields, model, dimension, id_key: idKey } = value;
  check(typeof name === 'string' && faceSetNamePattern.test(name), at, 'name');
  check(isWhole(capacity, 1), at, 'capacity');
  check(typeof model === 'string' && model !== '', at, 'model');
  check(isWhole(dimension, 64) && dimension <= 1024, at, 'dimension');
  check(Array.isArray(fields) && fields.every(isField), at, 'fields');
  check(idKey === undefined || (typeof idKey === 'string' && idKey.length === 24), at, 'id_key');
  return {
    name,
    capacity,
    fields: Object.fromEntries(fields as [string, FieldType][]),
    model,
    dimension,
    ...(idKey === undefined ? {} : { idKey: new Uint8Array(Buffer.from(idKey, 'base64')) }),
  };
}

/** @param at the line's number, for messages. @throws ExportDamaged */
export function readFace(line: string, at: number, header: ExportHeader): ExportedFace {
  const value = parse(line, at);
  const { face_id: faceId, external_image_id: externalImageId, bounding_box: sides } = value;
  const number = value.number === undefined ? undefined : plainNumber(value.number);
  const box = Array.isArray(sides) ? sides.map(plainNumber) : [];
  check(number === undefined || isWhole(number, 0), at, 'number');
  check(faceId === undefined || (typeof faceId === 'string' && idPattern.test(faceId)), at, 'face_id');
  check(
    typeof externalImageId === 'string' && externalImageIdPattern.test(externalImageId),
    at,
    'external_image_id',
  );
  check(box.length === 4 && box.every((side) => isWhole(side, 0) && side <= largestSide), at, 'bounding_box');
  const [topLeftX, topLeftY, width, height] = box as [number, number, number, number];
  return {
    ...(number === undefined ? {} : { number }),
    ...(faceId === undefined ? {} : { faceId }),
    externalImageId,
    box: { topLeftX, topLeftY, width, height },
    fields: readFields(value.fields, at, header),
    vector: readVector(value.vector, at, header),
  };
}

function readFields(given: JsonObject[string] | undefined, at: number, header: ExportHeader): FieldValues {
  check(given === undefined || isJsonObject(given), at, 'fields');
  try {
    return typeFields(header.fields, given ?? {});
  } catch (cause) {
    throw new ExportDamaged(`Line ${at}: ${cause instanceof Error ? cause.message : 'fields'}`, { cause });
  }
}

function readVector(given: unknown, at: number, header: ExportHeader): Float32Array {
  check(typeof given === 'string', at, 'vector');
  const bytes = Buffer.from(given, 'base64');
  check(bytes.length === header.dimension * 4, at, 'vector (its length)');
  const vector = vectorOf(bytes);
  let square = 0;
  for (const value of vector) square += value * value;
  check(Number.isFinite(square) && Math.abs(Math.sqrt(square) - 1) < 1e-3, at, 'vector (not of unit length)');
  return vector;
}

function parse(line: string, at: number): JsonObject {
  try {
    const value = parseJson(line);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new ExportDamaged(`Line ${at} is not JSON.`, { cause });
  }
  throw new ExportDamaged(`Line ${at} is not a JSON object.`);
}

function isField(entry: unknown): entry is [string, FieldType] {
  if (!Array.isArray(entry)) return false;
  const [name, type] = entry as unknown[];
  return (
    typeof name === 'string' &&
    fieldNamePattern.test(name) &&
    (fieldTypes as readonly unknown[]).includes(type)
  );
}

/** In a text with numbers that no double holds, all numbers come with their digits. */
const plainNumber = (value: JsonValue) =>
  typeof value === 'object' && value !== null && !isJsonObject(value) ? Number(String(value)) : value;

const isWhole = (value: unknown, min: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min;

function check(right: boolean, at: number, what: string): asserts right {
  if (!right) throw new ExportDamaged(`Line ${at}: ${what} is missing or wrong.`);
}
