import type { FieldSchema, FieldValues } from '@openfrs/contract';
import { mapInSlices } from '@openfrs/contract/steps';
import type { BoundingBox, NewFace } from '@openfrs/core';
import type { ConditionalPut, Item, Key, Table } from '../../dynamodb/table.ts';
import { decodeFields, encodeFields } from './field-codec.ts';
import { faceKey, faceSortKey, numberOf, setPartition } from './keys.ts';

/** A face's record without its vector. */
export interface FaceRecord {
  readonly number: number;
  /** The add that wrote it. */
  readonly op: string;
  /** Raised by each change of the face. */
  readonly version: number;
  /** The update that changed it last. */
  readonly updatedBy: string | undefined;
  readonly box: BoundingBox;
  readonly externalImageId: string;
  readonly fields: FieldValues;
}

export interface FaceWithVector extends FaceRecord {
  readonly vector: Float32Array;
  /** Its crop as it is kept. */
  readonly sealedCrop?: Uint8Array;
}

/** What is written of a new face. */
export type FaceToWrite = Omit<NewFace, 'crop'> & Pick<FaceWithVector, 'sealedCrop'>;

/** Of a face that was never changed. */
export const firstVersion = 0;

/** Says that a number has no face: it was deleted, or its add was aborted. It stays until no writer can come late any more. */
export interface Tombstone {
  readonly number: number;
  /** The delete, or the add that was aborted. */
  readonly operation: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Everything of a face but its vector and its crop. */
const withoutVector = ['sk', 'o', 'r', 'u', 'b', 'x', 'f', 'd', 't'];
/** Crops are ten times what a vector is: who doesn't ask for them gets none. */
const withoutCrop = [...withoutVector, 'v'];

export const isTombstone = (face: FaceRecord | Tombstone): face is Tombstone => 'operation' in face;

/** Writes a face if its number is free. False where it isn't. */
export function putFace(
  table: Table,
  setId: string,
  number: number,
  op: string,
  face: FaceToWrite,
): Promise<boolean> {
  return table.put(faceItem(setId, number, op, face), 'attribute_not_exists(pk)');
}

/** A new face's record. */
export function faceItem(setId: string, number: number, op: string, face: FaceToWrite): Item {
  const { box, sealedCrop } = face;
  return {
    ...faceKey(setId, number),
    o: op,
    r: firstVersion,
    b: [box.topLeftX, box.topLeftY, box.width, box.height],
    x: face.externalImageId,
    f: encodeFields(face.fields),
    v: vectorBytes(face.vector),
    ...(sealedCrop && { c: sealedCrop }),
  };
}

/** Puts a tombstone on a number if it is free, so that nobody else can use it. */
export function putTombstoneIfFree(table: Table, setId: string, number: number, op: string, at: number) {
  return table.put({ ...faceKey(setId, number), d: op, t: at }, 'attribute_not_exists(pk)');
}

/** Turns a face of that version into a tombstone, its vector, crop and fields gone. */
export function tombstoneFace(
  table: Table,
  setId: string,
  face: FaceVersion,
  op: string,
  at: number,
): Promise<boolean> {
  const { item, condition, values } = tombstonePut(setId, face, op, at);
  return table.put(item, condition, values);
}

/** The same of several, `transactionItems` at most: all of them or none, see `Table.putTogether`. */
export function tombstoneTogether(
  table: Table,
  setId: string,
  faces: readonly FaceVersion[],
  op: string,
  at: number,
): Promise<boolean> {
  return table.putTogether(faces.map((face) => tombstonePut(setId, face, op, at)));
}

/** A face at the version that a change expects. */
export interface FaceVersion {
  readonly number: number;
  readonly version: number;
}

const tombstonePut = (setId: string, face: FaceVersion, op: string, at: number): ConditionalPut => ({
  item: { ...faceKey(setId, face.number), d: op, t: at },
  condition: 'r = :version',
  values: { ':version': face.version },
});

/** Changes a face of that version, leaving the operation's id on it. */
export async function reviseFace(
  table: Table,
  setId: string,
  face: { readonly number: number; readonly version: number },
  op: string,
  change: { readonly externalImageId: string; readonly fields: FieldValues },
): Promise<boolean> {
  const item = await table.update(faceKey(setId, face.number), {
    UpdateExpression: 'SET r = r + :one, u = :op, x = :x, f = :f',
    ConditionExpression: 'r = :version',
    ExpressionAttributeValues: {
      ':one': 1,
      ':version': face.version,
      ':op': op,
      ':x': change.externalImageId,
      ':f': encodeFields(change.fields),
    },
    ReturnValues: 'UPDATED_NEW',
  });
  return item !== undefined;
}

/** Fences off whoever was about to change a face of that version, by raising it. */
export async function fenceFace(
  table: Table,
  setId: string,
  face: { readonly number: number; readonly version: number },
): Promise<void> {
  await table.update(faceKey(setId, face.number), {
    UpdateExpression: 'SET r = r + :one',
    ConditionExpression: 'r = :version',
    ExpressionAttributeValues: { ':one': 1, ':version': face.version },
    ReturnValues: 'UPDATED_NEW',
  });
}

/** The records of some numbers, by number; those never written or removed for good are left out. */
export async function readFaces(
  table: Table,
  setId: string,
  numbers: readonly number[],
  schema: FieldSchema,
): Promise<Map<number, FaceRecord | Tombstone>> {
  const items = await table.getMany(
    numbers.map((number) => faceKey(setId, number)),
    withoutVector,
  );
  return new Map(await mapInSlices(items, (item) => [numberOf(item.sk), decodeFace(item, schema)] as const));
}

/** The same with their vectors, without crops; tombstones are left out. */
export async function readFacesWithVectors(
  table: Table,
  setId: string,
  numbers: readonly number[],
  schema: FieldSchema,
): Promise<FaceWithVector[]> {
  const items = await table.getMany(
    numbers.map((number) => faceKey(setId, number)),
    withoutCrop,
  );
  const faces = await mapInSlices(items, (item) => {
    const face = decodeFace(item, schema);
    return isTombstone(face) ? undefined : { ...face, vector: vectorOf(item.v as Uint8Array) };
  });
  return faces.filter((face) => face !== undefined);
}

/** A face's vector; `undefined` where the number has none. */
export async function readVector(
  table: Table,
  setId: string,
  number: number,
): Promise<Float32Array | undefined> {
  const item = await table.get(faceKey(setId, number), ['v']);
  return item?.v === undefined ? undefined : vectorOf(item.v as Uint8Array);
}

/** The crops of some numbers as they are kept, by number; those that have none are left out. */
export async function readSealedCrops(
  table: Table,
  setId: string,
  numbers: readonly number[],
): Promise<Map<number, Uint8Array>> {
  const keys = numbers.map((number) => faceKey(setId, number));
  const items = await table.getMany(keys, ['sk', 'c']);
  return new Map(
    items.flatMap(({ sk, c }) => (c === undefined ? [] : [[numberOf(sk), c as Uint8Array] as const])),
  );
}

/** Takes the crop out of a record. False where it has none (any more). */
export async function removeCrop(table: Table, key: Key): Promise<boolean> {
  const item = await table.update(key, {
    UpdateExpression: 'REMOVE c',
    ConditionExpression: 'attribute_exists(c)',
    ReturnValues: 'UPDATED_OLD',
  });
  return item !== undefined;
}

/** What is read of faces, and how many at a time. */
export interface FacePages {
  /** Faces of a page; DynamoDB's own, 1 MB, if absent: some 700. */
  readonly limit?: number | undefined;
  /** Reads their crops, too. */
  readonly withCrops?: boolean;
}

/** The records with numbers in [from, to), page by page in order, vectors included. */
export async function* facesBetween(
  table: Table,
  setId: string,
  from: number,
  to: number,
  schema: FieldSchema,
  { limit, withCrops = false }: FacePages = {},
): AsyncGenerator<(FaceWithVector | Tombstone)[]> {
  if (to <= from) return;
  const pages = table.pages(setPartition(setId), faceSortKey(from), faceSortKey(to - 1), {
    ...(limit === undefined ? {} : { limit }),
    ...(withCrops ? {} : { attributes: withoutCrop }),
  });
  for await (const items of pages) {
    yield items.map((item) => {
      const face = decodeFace(item, schema);
      if (isTombstone(face)) return face;
      const sealedCrop = item.c as Uint8Array | undefined;
      return { ...face, vector: vectorOf(item.v as Uint8Array), ...(sealedCrop && { sealedCrop }) };
    });
  }
}

/** The same without vectors. */
export async function* recordsBetween(
  table: Table,
  setId: string,
  from: number,
  to: number,
  schema: FieldSchema,
  limit?: number,
): AsyncGenerator<(FaceRecord | Tombstone)[]> {
  if (to <= from) return;
  const pages = table.pages(setPartition(setId), faceSortKey(from), faceSortKey(to - 1), {
    attributes: withoutVector,
    ...(limit === undefined ? {} : { limit }),
  });
  for await (const items of pages) yield items.map((item) => decodeFace(item, schema));
}

/** The largest number in [from, to) that has a record, a tombstone's included; undefined where there is none. */
export async function lastNumber(
  table: Table,
  setId: string,
  from: number,
  to: number,
): Promise<number | undefined> {
  if (to <= from) return undefined;
  const options = { descending: true, limit: 1, attributes: ['sk'] };
  for await (const [item] of table.pages(
    setPartition(setId),
    faceSortKey(from),
    faceSortKey(to - 1),
    options,
  ))
    if (item !== undefined) return numberOf(item.sk);
  return undefined;
}

function decodeFace(item: Item, schema: FieldSchema): FaceRecord | Tombstone {
  const number = numberOf(item.sk);
  const stored = item as Item & {
    o: string;
    r: number;
    u?: string;
    b: [number, number, number, number];
    x: string;
    f: string;
    d?: string;
    t: number;
  };
  if (stored.d !== undefined) return { number, operation: stored.d, at: stored.t };
  const [topLeftX, topLeftY, width, height] = stored.b;
  return {
    number,
    op: stored.o,
    version: stored.r,
    updatedBy: stored.u,
    box: { topLeftX, topLeftY, width, height },
    externalImageId: stored.x,
    fields: decodeFields(stored.f, schema),
  };
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** float32, little endian, whatever the machine. */
export function vectorBytes(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of vector.entries()) view.setFloat32(i * 4, value, true);
  return bytes;
}

export function vectorOf(bytes: Uint8Array): Float32Array {
  if (isLittleEndian) {
    const copy = new Uint8Array(bytes.length);
    copy.set(bytes);
    return new Float32Array(copy.buffer);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vector = new Float32Array(bytes.byteLength / 4);
  for (let i = 0; i < vector.length; i += 1) vector[i] = view.getFloat32(i * 4, true);
  return vector;
}
