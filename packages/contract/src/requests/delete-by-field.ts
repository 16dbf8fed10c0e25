import * as z from 'zod';
import { FrsError } from '../error.ts';
import { once } from '../once.ts';
import { faceSetName, inPath } from './parts.ts';
import type { RequestSchema } from './read.ts';

/** Deletion by one field: `?external_image_id=…`, `?face_id=…` or `?<custom field>=…`. */
export interface DeleteFacesRequest {
  readonly faceSetName: string;
  readonly field: string;
  readonly value: string;
}

/** Apart from the path's name, as a list: an object of zod leaves out a field that is called `__proto__`. */
const split = (given: Readonly<Record<string, unknown>>) => {
  const { [inPath]: name, ...fields } = given;
  return { [inPath]: name, fields: Object.entries(fields) };
};

const schema = once(() =>
  z
    .custom<Readonly<Record<string, unknown>>>()
    .transform(split)
    .pipe(z.object({ [inPath]: faceSetName(), fields: z.array(z.tuple([z.string(), z.unknown()])) }))
    .transform(({ [inPath]: name, fields }, context): DeleteFacesRequest => {
      const [found, ...others] = fields;
      if (!found) throw new FrsError('FRS.0011', 'Name the field to delete by: ?field=value.');
      const [field, value] = found;
      if (others.length === 0 && typeof value === 'string' && value !== '') {
        return { faceSetName: name, field, value };
      }
      context.addIssue({
        code: 'custom',
        message: 'must name exactly one field with one value: ?field=value',
      });
      return z.NEVER;
    }),
);

export const deleteFacesRequest: RequestSchema<DeleteFacesRequest> = { schema };
