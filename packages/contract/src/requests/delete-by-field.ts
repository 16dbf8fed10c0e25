import * as z from 'zod';
import { FrsError } from '../error.ts';
import { faceSetName, inPath } from './parts.ts';
import type { RequestSchema } from './read.ts';

/** Deletion by one field: `?external_image_id=…`, `?face_id=…` or `?<custom field>=…`. */
export interface DeleteFacesRequest {
  readonly faceSetName: string;
  readonly field: string;
  readonly value: string;
}

const schema = z
  .object({ [inPath]: faceSetName })
  .catchall(z.unknown())
  .transform((given, context): DeleteFacesRequest => {
    const { [inPath]: name, ...fields } = given;
    const [found, ...others] = Object.entries(fields);
    if (!found) throw new FrsError('FRS.0011', 'Name the field to delete by: ?field=value.');
    const [field, value] = found;
    if (others.length === 0 && typeof value === 'string' && value !== '') {
      return { faceSetName: name, field, value };
    }
    context.addIssue({ code: 'custom', message: 'exactly one field with one value must be given' });
    return z.NEVER;
  });

export const deleteFacesRequest: RequestSchema<DeleteFacesRequest> = { schema };
