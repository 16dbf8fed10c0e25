import * as z from 'zod';
import type { FrsOperationName } from '../requests/index.ts';
import {
  attributes,
  boundingBox,
  faceSetInfo,
  landmark,
  searchFace,
  serviceInfo,
  storedFace,
  videoWarning,
  warning,
} from './parts.ts';

const face = z.strictObject({ bounding_box: boundingBox });
const ofSet = { face_set_id: z.string(), face_set_name: z.string() };
const facesOfSet = z.strictObject({ ...ofSet, faces: z.array(storedFace) });
const faceCount = z.strictObject({ face_number: z.int().min(0), ...ofSet });
const confidence = z.number().min(0).max(1);
const picture = z.string().meta({ description: 'JPEG in Base64.' });

/** The body of each operation's answer: these fields and no others. */
export const responses = {
  'face-detect': z.strictObject({
    faces: z.array(face.extend({ attributes: attributes.optional(), landmark: landmark.optional() })),
  }),
  'face-compare': z.strictObject({ image1_face: face, image2_face: face, similarity: confidence }),
  'live-detect': z.strictObject({
    'video-result': z.strictObject({
      alive: z.boolean(),
      actions: z.array(z.strictObject({ action: z.int().min(1).max(5), confidence })),
      picture,
    }),
    'warning-list': z.array(videoWarning),
  }),
  'live-challenge-create': z.strictObject({
    challenge_id: z.string(),
    actions: z.string().meta({
      description: 'Actions to ask the person for, in this order, comma-separated; codes as in live-detect.',
      examples: ['3,1,4'],
    }),
    expires_at: z.iso.datetime(),
  }),
  'live-detect-face': z.strictObject({
    result: z.strictObject({ alive: z.boolean(), confidence, picture }),
    'warning-list': z.array(warning),
  }),
  'face-set-create': z.strictObject({ face_set_info: faceSetInfo }),
  'face-set-list': z.strictObject({ face_sets_info: z.array(faceSetInfo) }),
  'face-set-show': z.strictObject({ face_set_info: faceSetInfo }),
  'face-set-delete': z.strictObject({ face_set_name: z.string() }),
  'face-search': z.strictObject({
    faces: z.array(searchFace).meta({ description: 'Of the largest face.' }),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .meta({ description: 'Beyond the reference, with max_fpir: the similarity that results reach.' }),
    results: z
      .array(face.extend({ faces: z.array(searchFace) }))
      .optional()
      .meta({
        description: 'Beyond the reference, with faces=all: each face of the picture, largest first.',
      }),
  }),
  'face-add': facesOfSet,
  'face-list': facesOfSet,
  'face-update': faceCount,
  'face-delete': faceCount,
  'face-delete-batch': faceCount,
  'upload-create': z.strictObject({
    url: z.string().meta({ description: 'Where to POST the form (multipart/form-data).' }),
    fields: z
      .record(z.string(), z.string())
      .meta({ description: 'Fields of the form, to be sent as they are, before the field `file`.' }),
    path: z.string().meta({ description: 'The `image_url` or `video_url` of the file, once it is there.' }),
    max_bytes: z.int(),
    expires_at: z.iso.datetime(),
  }),
  'subscription-show': z.strictObject({
    max_face_set_number: z.int(),
    detect_service: serviceInfo,
    live_detect_service: serviceInfo,
    compare_service: serviceInfo,
    search_service: serviceInfo,
  }),
} as const satisfies Record<FrsOperationName, z.ZodType>;

export type ResponseOf<Name extends FrsOperationName> = z.infer<(typeof responses)[Name]>;

/** The body of every error of FRS and of the gateway. */
export const errorResponse = z.strictObject({ error_code: z.string(), error_msg: z.string() });

export type {
  AttributesResponse,
  BoundingBoxResponse,
  FaceSetResponse,
  LandmarkResponse,
  SearchFaceResponse,
  StoredFaceResponse,
  VideoWarningResponse,
} from './parts.ts';
