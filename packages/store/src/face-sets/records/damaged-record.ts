import type { FieldSchema } from '@openfrs/contract';
import type { Table } from '../../dynamodb/table.ts';
import { type FacePages, type FaceWithVector, facesBetween, isTombstone, type Tombstone } from './faces.ts';

/** The record of a face can't be read. */
export class RecordDamaged extends Error {
  override readonly name = 'RecordDamaged';
  readonly number: number;
  readonly why: string;

  constructor(number: number, why: string, options?: ErrorOptions) {
    super(`The record of face number ${number} is damaged: ${why}.`, options);
    this.number = number;
    this.why = why;
  }
}

/** What the records of a set are to be. */
export interface RecordShape {
  readonly setId: string;
  readonly dimension: number;
  readonly fields: FieldSchema;
}

/** A page that can't be read is read again in so many parts, until what is damaged is one record. */
const parts = 8;

/**
 * The records with numbers in [from, to) in order, vectors checked for their length and for numbers that are none.
 * @param damaged called with each record that can't be read, which is then left out; throws to stop
 */
export async function* checkedFaces(
  table: Table,
  set: RecordShape,
  from: number,
  to: number,
  damaged: (error: RecordDamaged) => void,
  pages?: FacePages,
): AsyncGenerator<(FaceWithVector | Tombstone)[]> {
  let next = from;
  try {
    for await (const page of facesBetween(table, set.setId, from, to, set.fields, pages)) {
      const last = page.at(-1);
      yield page.filter((face) => isWhole(face, set, damaged));
      if (last !== undefined) next = last.number + 1;
    }
  } catch (error) {
    if (error instanceof RecordDamaged || !isItemFault(error)) throw error;
    if (to - next <= 1) {
      damaged(new RecordDamaged(next, error.message, { cause: error }));
      return;
    }
    const width = Math.ceil((to - next) / parts);
    for (let at = next; at < to; at += width) {
      yield* checkedFaces(table, set, at, Math.min(to, at + width), damaged, pages);
    }
  }
}

/** Of the item, not of the way to it: Base64, JSON or structure. */
function isItemFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    error instanceof RangeError ||
    error.name === 'InternalServerError' ||
    /base64/i.test(error.message)
  );
}

function isWhole(
  face: FaceWithVector | Tombstone,
  { dimension }: RecordShape,
  damaged: (error: RecordDamaged) => void,
): boolean {
  if (isTombstone(face)) return true;
  const { vector, number } = face;
  const why =
    vector.length !== dimension
      ? `its vector has ${vector.length} numbers of ${dimension}`
      : vector.every(Number.isFinite)
        ? undefined
        : 'its vector has numbers that are none';
  if (why !== undefined) damaged(new RecordDamaged(number, why));
  return why === undefined;
}
