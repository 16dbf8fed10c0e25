import * as z from 'zod';
import { type FieldSchema, type FieldType, fieldTypes } from '../fields.ts';
import { isJsonObject } from '../json/json.ts';
import { builtInNames, fieldNamePattern } from '../names.ts';
import { once } from '../once.ts';
import { faceSetName, inPath, integer } from './parts.ts';
import type { RequestSchema } from './read.ts';

/** A set's capacity is a multiple of this. */
export const capacityStep = 10_000;
export const defaultCapacity = 100_000;
const maxFields = 10;

/**
 * The definition of custom fields: `{"name": {"type": "long"}}`. The reference marks `type` as optional and
 * names the types with and without a capital: without one a field is a string, and case doesn't matter.
 */
const fieldDefinitions = once(() =>
  z
    .unknown()
    .transform((value, context): FieldSchema => {
      const problem = (message: string) => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      if (!isJsonObject(value)) return problem('must be an object');
      const entries = Object.entries(value);
      if (entries.length > maxFields) return problem(`must define at most ${maxFields} fields`);
      const fields: [string, FieldType][] = [];
      for (const [name, info] of entries) {
        if (!fieldNamePattern.test(name)) return problem('a field name is 1 to 36 letters, digits, _ or -');
        if (builtInNames.has(name)) return problem(`${name} is a built-in field`);
        const type = isJsonObject(info) ? (info.type ?? 'string') : undefined;
        const known = fieldTypes.find((one) => typeof type === 'string' && one === type.toLowerCase());
        if (!known) return problem(`the type of ${name} must be one of ${fieldTypes.join(', ')}`);
        fields.push([name, known]);
      }
      return Object.fromEntries(fields);
    })
    .meta({
      type: 'object',
      description: 'Custom fields of the faces, by name; at most 10.',
      additionalProperties: {
        type: 'object',
        properties: { type: { type: 'string', enum: [...fieldTypes] } },
      },
    }),
);

export interface CreateFaceSetRequest {
  readonly faceSetName: string;
  readonly capacity: number;
  readonly fields: FieldSchema;
}

export const createFaceSetRequest: RequestSchema<CreateFaceSetRequest> = {
  required: ['face_set_name'],
  schema: once(() =>
    z
      .object({
        face_set_name: faceSetName(),
        face_set_capacity: integer({
          minimum: capacityStep,
          default: defaultCapacity,
          description: 'How many faces fit in: a multiple of 10,000, up to 100,000.',
        })
          .refine((capacity) => capacity % capacityStep === 0, `must be a multiple of ${capacityStep}`)
          .meta({
            type: 'integer',
            minimum: capacityStep,
            multipleOf: capacityStep,
            default: defaultCapacity,
          })
          .optional(),
        external_fields: fieldDefinitions().optional(),
      })
      .transform((given) => ({
        faceSetName: given.face_set_name,
        capacity: given.face_set_capacity ?? defaultCapacity,
        fields: given.external_fields ?? {},
      })),
  ),
};

export interface FaceSetRequest {
  readonly faceSetName: string;
}

/** Showing and deleting a set: its name, from the path, is all there is. */
export const faceSetRequest: RequestSchema<FaceSetRequest> = {
  schema: once(() =>
    z.object({ [inPath]: faceSetName() }).transform((given) => ({ faceSetName: given[inPath] })),
  ),
};

/** Listing the sets takes no parameters. */
export const noParameters: RequestSchema<object> = { schema: once(() => z.object({})) };
