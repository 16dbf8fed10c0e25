import {
  type BoundingBoxResponse,
  type FaceSetResponse,
  type FieldSchema,
  type FieldValues,
  fieldType,
  type ResponseOf,
  type Service,
  type StoredFaceResponse,
  shortestSingle,
} from '@openfrs/contract';
import type { Project } from '../ports/accounts.ts';
import type { FaceSet, StoredFace } from '../ports/face-sets.ts';
import type { BoundingBox } from '../ports/vision.ts';

export function boundingBoxResponse(box: BoundingBox): BoundingBoxResponse {
  return { width: box.width, top_left_y: box.topLeftY, top_left_x: box.topLeftX, height: box.height };
}

/** @param schema of the face's set */
export function storedFaceResponse(face: StoredFace, schema: FieldSchema): StoredFaceResponse {
  return {
    bounding_box: boundingBoxResponse(face.box),
    external_image_id: face.externalImageId,
    external_fields: fieldsResponse(face.fields, schema),
    face_id: face.faceId,
  };
}

/** A `float` is kept as a single, and answered as the decimal that stands for it. */
function fieldsResponse(fields: FieldValues, schema: FieldSchema): FieldValues {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' && fieldType(schema, name) === 'float' ? shortestSingle(value) : value,
    ]),
  );
}

export function faceSetResponse(set: FaceSet): FaceSetResponse {
  return {
    face_number: set.faceNumber,
    face_set_id: set.id,
    face_set_name: set.name,
    create_date: formatDate(set.createdAt),
    face_set_capacity: set.capacity,
    external_fields: fieldDefinitionsResponse(set.fields),
  };
}

function fieldDefinitionsResponse(fields: FaceSet['fields']): FaceSetResponse['external_fields'] {
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type }]));
}

/** UTC, `YYYY-MM-DD HH:MM:SS`. */
function formatDate(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** How many faces of which set: the response of update and deletions. */
export function faceCountResponse(set: FaceSet, count: number): ResponseOf<'face-update'> {
  return { face_number: count, face_set_id: set.id, face_set_name: set.name };
}

/** The faces of which set: the response of adding and listing. */
export function setFacesResponse(set: FaceSet, faces: readonly StoredFace[]): ResponseOf<'face-add'> {
  return {
    face_set_id: set.id,
    face_set_name: set.name,
    faces: faces.map((face) => storedFaceResponse(face, set.fields)),
  };
}

/** Which services a project is subscribed to, each with the time since when. */
export function subscriptionResponse({ quotas, subscriptions }: Project): ResponseOf<'subscription-show'> {
  const service = (name: Service) => {
    const since = subscriptions[name];
    return since === undefined
      ? { subscribe_status: false }
      : { create_time: formatDate(new Date(since)), subscribe_status: true };
  };
  return {
    max_face_set_number: quotas.faceSets,
    detect_service: service('detect'),
    live_detect_service: service('live_detect'),
    compare_service: service('compare'),
    search_service: service('search'),
  };
}
