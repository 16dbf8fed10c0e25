import type { AnswerOf, BoxAnswer, FaceSetAnswer, StoredFaceAnswer } from '@openfrs/contract';
import type { FaceSet, StoredFace } from '../ports/face-sets.ts';
import type { BoundingBox } from '../ports/vision.ts';

export function boxAnswer(box: BoundingBox): BoxAnswer {
  return { width: box.width, top_left_y: box.topLeftY, top_left_x: box.topLeftX, height: box.height };
}

export function storedFaceAnswer(face: StoredFace): StoredFaceAnswer {
  return {
    bounding_box: boxAnswer(face.box),
    external_image_id: face.externalImageId,
    external_fields: face.fields,
    face_id: face.faceId,
  };
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

function definitionsAnswer(fields: FaceSet['fields']): FaceSetAnswer['external_fields'] {
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type }]));
}

/** UTC, `YYYY-MM-DD HH:MM:SS`. */
export function dateAnswer(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** How many faces of which set: the answer of update and deletions. */
export function faceCountAnswer(set: FaceSet, count: number): AnswerOf<'face-update'> {
  return { face_number: count, face_set_id: set.id, face_set_name: set.name };
}

/** The faces of which set: the answer of adding and listing. */
export function setFacesAnswer(set: FaceSet, faces: readonly StoredFace[]): AnswerOf<'face-add'> {
  return { face_set_id: set.id, face_set_name: set.name, faces: faces.map(storedFaceAnswer) };
}
