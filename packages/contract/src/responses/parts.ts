import * as z from 'zod';
import { type FieldValues, fieldTypes } from '../fields.ts';

/** Chapter 5.2.7. */
export const boundingBox = z.strictObject({
  width: z.int().meta({ description: 'Width of the box in pixels.' }),
  top_left_y: z.int(),
  top_left_x: z.int(),
  height: z.int(),
});
export type BoundingBoxResponse = z.infer<typeof boundingBox>;

/** Values of custom fields: numbers have all the digits of a 64-bit integer or a double. */
const fieldValues = z
  .custom<FieldValues>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  .meta({ type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } });

/** Chapter 5.2.4. */
export const storedFace = z.strictObject({
  bounding_box: boundingBox,
  external_image_id: z.string(),
  external_fields: fieldValues,
  face_id: z.string(),
});
export type StoredFaceResponse = z.infer<typeof storedFace>;

/** Chapter 5.2.5. */
export const searchFace = storedFace.extend({
  similarity: z.number().min(0).max(1),
  false_match_probability: z.number().min(0).max(1).optional().meta({
    description:
      'Beyond the reference, if asked for: how probably somebody who is not in the set ranks first with this similarity or more.',
  }),
});
export type SearchFaceResponse = z.infer<typeof searchFace>;

/** Chapter 5.2.6. */
export const faceSetInfo = z.strictObject({
  face_number: z.int().min(0),
  face_set_id: z.string(),
  face_set_name: z.string(),
  create_date: z.string().meta({ description: 'UTC, YYYY-MM-DD HH:MM:SS.' }),
  face_set_capacity: z.int(),
  external_fields: z.record(z.string(), z.strictObject({ type: z.enum(fieldTypes) })),
});
export type FaceSetResponse = z.infer<typeof faceSetInfo>;

/** Chapter 5.2.10. */
export const warning = z.strictObject({ warningCode: z.int(), warningMsg: z.string() });

export const videoWarning = warning.extend({
  advice: z.string().optional().meta({
    description: 'Beyond the reference, if asked for: what the person can do about it, in sentences.',
  }),
});
export type VideoWarningResponse = z.infer<typeof videoWarning>;

/** Chapter 5.2.9. */
export const serviceInfo = z.strictObject({
  subscribe_status: z.boolean(),
  create_time: z.string().optional(),
});

const point = z.strictObject({ x: z.number(), y: z.number() });

/** Chapter 5.2.3, pixels of the upright picture. */
export const landmark = z.strictObject({
  eyes_contour: z.array(point).readonly(),
  mouth_contour: z.array(point).readonly(),
  face_contour: z.array(point).readonly(),
  eyebrow_contour: z.array(point).readonly(),
  nose_contour: z.array(point).readonly(),
});
export type LandmarkResponse = z.infer<typeof landmark>;

const degrees = z.number().min(-180).max(180);
const share = z.number().min(0).max(1);

/** What was asked for with `attributes`, as far as an installed model can tell. */
export const attributes = z.strictObject({
  yaw_angle: degrees.optional(),
  pitch_angle: degrees.optional(),
  roll_angle: degrees.optional(),
  gender: z.enum(['male', 'female']).optional(),
  age: z.int().optional(),
  dress: z
    .strictObject({
      glass: z.enum(['yes', 'dark', 'none', 'unknown']),
      hat: z.enum(['yes', 'none', 'unknown']),
    })
    .optional(),
  smile: z.string().optional(),
  mask: z.enum(['yes', 'none', 'unknown']).optional(),
  hair: z.enum(['long', 'short', 'unknown']).optional(),
  beard: z.enum(['yes', 'none', 'unknown']).optional(),
  phototype: z.enum(['idcard', 'monitor', 'internet photo']).optional(),
  quality: z
    .strictObject({
      total_score: share,
      blur: share,
      pose: share,
      occlusion: share,
      illumination: share,
      recognizability: share.optional().meta({
        description:
          'Beyond the reference: how much of a person the face’s vector holds, 1 is best; about 0.9 for good photos. Left out where the model in use can not tell.',
      }),
    })
    .optional(),
  expression: z
    .strictObject({
      type: z.enum(['neutral', 'happy', 'fear', 'surprise', 'sad', 'angry', 'disgust', 'unknown']),
      probability: share,
    })
    .optional(),
  face_angle: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
});
export type AttributesResponse = z.infer<typeof attributes>;
