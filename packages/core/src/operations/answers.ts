import type { FieldSchema, FieldType, FieldValues } from '@openfrs/contract';
import type { FaceSet, StoredFace } from '../ports/face-sets.ts';
import type { BoundingBox } from '../ports/vision.ts';

/** The reference's BoundingBox (chapter 5.2.7). */
export interface BoxAnswer {
  width: number;
  top_left_y: number;
  top_left_x: number;
  height: number;
}

export function boxAnswer(box: BoundingBox): BoxAnswer {
  return { width: box.width, top_left_y: box.topLeftY, top_left_x: box.topLeftX, height: box.height };
}

/** The reference's FaceSetFace (chapter 5.2.4). */
export interface StoredFaceAnswer {
  bounding_box: BoxAnswer;
  external_image_id: string;
  external_fields: FieldValues;
  face_id: string;
}

export function storedFaceAnswer(face: StoredFace): StoredFaceAnswer {
  return {
    bounding_box: boxAnswer(face.box),
    external_image_id: face.externalImageId,
    external_fields: face.fields,
    face_id: face.faceId,
  };
}

/** The reference's FaceSetInfo (chapter 5.2.6). */
export interface FaceSetAnswer {
  face_number: number;
  face_set_id: string;
  face_set_name: string;
  create_date: string;
  face_set_capacity: number;
  external_fields: Record<string, { type: FieldType }>;
}

export function faceSetAnswer(set: FaceSet): FaceSetAnswer {
  return {
    face_number: set.faceNumber,
    face_set_id: set.id,
    face_set_name: set.name,
    create_date: dateAnswer(set.createdAt),
    face_set_capacity: set.capacity,
    external_fields: definitionsAnswer(set.fields),
  };
}

function definitionsAnswer(fields: FieldSchema): Record<string, { type: FieldType }> {
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type }]));
}

/** UTC, `YYYY-MM-DD HH:MM:SS`. */
export function dateAnswer(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** How many faces of which set: the answer of update and deletions. */
export interface FaceCountAnswer {
  face_number: number;
  face_set_id: string;
  face_set_name: string;
}

export function faceCountAnswer(set: FaceSet, count: number): FaceCountAnswer {
  return { face_number: count, face_set_id: set.id, face_set_name: set.name };
}

/** The faces of which set: the answer of adding and listing. */
export interface SetFacesAnswer {
  face_set_id: string;
  face_set_name: string;
  faces: StoredFaceAnswer[];
}

export function setFacesAnswer(set: FaceSet, faces: readonly StoredFace[]): SetFacesAnswer {
  return { face_set_id: set.id, face_set_name: set.name, faces: faces.map(storedFaceAnswer) };
}
