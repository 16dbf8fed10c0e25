import { FrsError } from '@openfrs/contract';
import type * as z from 'zod';

/** What a request's body holds. @throws FrsError FRS.0012, with the path of what is wrong: `face_ids.0` */
export function readParameters<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new FrsError('FRS.0012', `Parameter: ${read.error.issues[0]?.path.join('.') || 'body'}.`);
}
