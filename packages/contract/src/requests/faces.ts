import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import { once } from '../once.ts';
import {
  boolean,
  externalFields,
  externalImageId,
  faceId,
  faceSetName,
  filter,
  inPath,
  integer,
  type Media,
  mediaNames,
  mediaOf,
  mediaShape,
  number,
} from './parts.ts';
import type { RequestSchema } from './read.ts';

export interface AddFacesRequest {
  readonly faceSetName: string;
  readonly image: Media;
  readonly externalImageId?: string | undefined;
  readonly externalFields: JsonObject;
  readonly single: boolean;
  /** Beyond the reference: faces that hold less of a person are refused, [0, 1]; 0: none. */
  readonly minRecognizability: number;
}

export const addFacesRequest: RequestSchema<AddFacesRequest> = {
  oneOf: [mediaNames('image')],
  schema: once(() =>
    z
      .object({
        [inPath]: faceSetName(),
        ...mediaShape('image'),
        external_image_id: externalImageId().optional(),
        external_fields: externalFields().optional(),
        single: boolean('Add the largest face only; false (the default) adds every face.').optional(),
        min_recognizability: number({
          minimum: 0,
          maximum: 1,
          default: 0,
          description:
            'Beyond the reference: refuse faces whose recognizability (attributes=12 of face-detect) is lower; FRS.0708 says why.',
        }).optional(),
      })
      .transform((given) => ({
        faceSetName: given[inPath],
        image: mediaOf('image', given) as Media,
        externalImageId: given.external_image_id,
        externalFields: given.external_fields ?? {},
        single: given.single ?? false,
        minRecognizability: given.min_recognizability ?? 0,
      })),
  ),
};

export type SortDirection = 'asc' | 'desc';

/** Fields in their order, each once; one that is given again keeps its place and takes the later direction. */
export type Sort = ReadonlyMap<string, SortDirection>;

/** As a list of pairs: a record of zod leaves out a field that is called `__proto__`. */
const sortEntry = once(() =>
  z
    .custom<JsonObject>(isJsonObject, 'must be an object')
    .transform((entry, context) =>
      Object.entries(entry).map(([field, direction]): [string, SortDirection] => {
        if (direction === 'asc' || direction === 'desc') return [field, direction];
        context.addIssue({ code: 'custom', message: `must be asc or desc for ${field.slice(0, 64)}` });
        return z.NEVER;
      }),
    )
    .meta({ type: 'object', additionalProperties: { type: 'string', enum: ['asc', 'desc'] } }),
);

const sort = once(() =>
  z
    .array(sortEntry())
    .transform((entries): Sort => new Map(entries.flat()))
    .meta({
      description: 'Reorders the result: number fields with asc or desc.',
      examples: [[{ timestamp: 'asc' }]],
    }),
);

export interface SearchRequest {
  readonly faceSetName: string;
  readonly probe: Media | { readonly kind: 'face'; readonly faceId: string };
  readonly topN: number;
  readonly threshold: number;
  readonly sort: Sort;
  readonly filter?: string | undefined;
  /** Custom fields to return; absent: all. */
  readonly returnFields?: readonly string[] | undefined;
  /** Beyond the reference: one result a person. */
  readonly groupBy?: 'external_image_id' | undefined;
  /** Beyond the reference: the threshold is chosen so that so many searches by strangers find anyone. */
  readonly maxFpir?: number | undefined;
  /** Beyond the reference: every face of the picture, not the largest only. */
  readonly allFaces: boolean;
  /** Beyond the reference: each result with the probability that a stranger ranks first with it. */
  readonly probabilities: boolean;
}

/** Results of each face of a picture: it may have 256. */
const mostOfEach = 30;

export const searchRequest: RequestSchema<SearchRequest> = {
  oneOf: [[...mediaNames('image'), 'face_id']],
  schema: once(() =>
    z
      .object({
        [inPath]: faceSetName(),
        ...mediaShape('image'),
        face_id: faceId().optional(),
        top_n: integer({
          minimum: 1,
          maximum: 1000,
          default: 10,
          description: 'Most similar faces to return.',
        }).optional(),
        threshold: number({
          minimum: 0,
          maximum: 1,
          default: 0,
          description: 'Least similarity of a result.',
        }).optional(),
        sort: sort().optional(),
        filter: filter().optional(),
        return_fields: z
          .array(z.string())
          .meta({ description: 'Custom fields to return; all if left out.' })
          .optional(),
        group_by: z
          .enum(['external_image_id'])
          .meta({
            description:
              'Beyond the reference: one result a person instead of a face. The faces of one external_image_id are compared as one, by their mean, in which poor photos count less.',
          })
          .optional(),
        max_fpir: number({
          exclusiveMinimum: 0,
          exclusiveMaximum: 1,
          description:
            'Beyond the reference: the share of searches by strangers that may find anyone (false positive identification rate). The threshold for it and for the size of the set is chosen and returned; `threshold`, if it is higher, holds.',
        }).optional(),
        faces: z
          .enum(['largest', 'all'])
          .meta({
            description:
              'Beyond the reference: all also answers `results`, one for every face of the picture. Default: the largest face alone.',
            default: 'largest',
          })
          .optional(),
        false_match_probability: boolean(
          'Beyond the reference: tell for each result the probability that a stranger would rank first with its similarity in this set; told with max_fpir in any case.',
        ).optional(),
      })
      .refine((given) => given.faces !== 'all' || given.face_id === undefined, {
        path: ['faces'],
        message: 'must not be all with face_id',
      })
      .refine((given) => given.faces !== 'all' || (given.top_n ?? 10) <= mostOfEach, {
        path: ['top_n'],
        message: `must be at most ${mostOfEach} with faces=all`,
      })
      .transform((given) => ({
        faceSetName: given[inPath],
        probe: mediaOf('image', given) ?? ({ kind: 'face', faceId: given.face_id as string } as const),
        topN: given.top_n ?? 10,
        threshold: given.threshold ?? 0,
        sort: given.sort ?? new Map(),
        filter: given.filter,
        returnFields: given.return_fields,
        groupBy: given.group_by,
        maxFpir: given.max_fpir,
        allFaces: given.faces === 'all',
        probabilities: given.false_match_probability === true || given.max_fpir !== undefined,
      })),
  ),
};

export type ListFacesRequest = { readonly faceSetName: string } & (
  | { readonly faceId: string }
  | { readonly offset: number; readonly limit: number }
);

/** Lists reach this far: `offset + limit` is at most this. */
export const maxListed = 10_000;

export const listFacesRequest: RequestSchema<ListFacesRequest> = {
  schema: once(() =>
    z
      .object({
        [inPath]: faceSetName(),
        offset: integer({
          minimum: 0,
          maximum: maxListed,
          default: 0,
          description: 'Faces to skip.',
        }).optional(),
        limit: integer({
          minimum: 1,
          maximum: maxListed,
          default: 5,
          description: 'Faces to return.',
        }).optional(),
        face_id: faceId().optional(),
      })
      .refine((given) => (given.offset ?? 0) + (given.limit ?? 5) <= maxListed, {
        path: ['limit'],
        message: `offset + limit must be at most ${maxListed}`,
      })
      .refine((given) => given.face_id === undefined || (given.offset ?? given.limit) === undefined, {
        path: ['face_id'],
        message: 'must not come together with offset or limit',
      })
      .transform((given) => {
        const { [inPath]: name, face_id: id, offset = 0, limit = 5 } = given;
        return id === undefined ? { faceSetName: name, offset, limit } : { faceSetName: name, faceId: id };
      }),
  ),
};

export interface UpdateFaceRequest {
  readonly faceSetName: string;
  readonly faceId: string;
  readonly externalImageId?: string | undefined;
  readonly externalFields?: JsonObject | undefined;
}

export const updateFaceRequest: RequestSchema<UpdateFaceRequest> = {
  required: ['face_id'],
  anyOf: ['external_image_id', 'external_fields'],
  schema: once(() =>
    z
      .object({
        [inPath]: faceSetName(),
        face_id: faceId(),
        external_image_id: externalImageId().optional(),
        external_fields: externalFields().optional(),
      })
      .transform((given) => ({
        faceSetName: given[inPath],
        faceId: given.face_id,
        externalImageId: given.external_image_id,
        externalFields: given.external_fields,
      })),
  ),
};

export interface BatchDeleteRequest {
  readonly faceSetName: string;
  readonly filter: string;
}

export const batchDeleteRequest: RequestSchema<BatchDeleteRequest> = {
  required: ['filter'],
  schema: once(() =>
    z
      .object({ [inPath]: faceSetName(), filter: filter() })
      .transform((given) => ({ faceSetName: given[inPath], filter: given.filter })),
  ),
};
