import type { AttributesResponse, DetectRequest, LandmarkResponse, ResponseOf } from '@openfrs/contract';
import type { FaceAttributes, Vision } from '../ports/vision.ts';
import { type MediaPorts, readOneMedia } from './media.ts';
import { boundingBoxResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.1: every face of a picture, largest first; a picture without one answers an empty list. */
export const faceDetect: UseCase<
  DetectRequest,
  MediaPorts & { readonly vision: Vision },
  ResponseOf<'face-detect'>
> = async ({ image, attributes }, project, ports, signal) => {
  const bytes = await readOneMedia(image, project, ports);
  const faces = await ports.vision.detect(bytes, attributes === undefined ? {} : { attributes }, signal);
  const describes = attributes?.some((code) => code !== '3');
  return {
    faces: faces.map((face) => ({
      bounding_box: boundingBoxResponse(face.box),
      ...(describes && { attributes: attributesResponse(face.attributes ?? {}) }),
      ...(face.attributes?.landmark && { landmark: landmarkResponse(face.attributes.landmark) }),
    })),
  };
};

function attributesResponse(found: FaceAttributes): AttributesResponse {
  const { pose, quality } = found;
  return withoutUndefined({
    yaw_angle: pose?.yaw,
    pitch_angle: pose?.pitch,
    roll_angle: pose?.roll,
    gender: found.gender,
    age: found.age,
    dress: found.dress,
    smile: found.smile,
    mask: found.mask,
    hair: found.hair,
    beard: found.beard,
    phototype: found.phototype,
    quality: quality && {
      total_score: quality.total,
      blur: quality.blur,
      pose: quality.pose,
      occlusion: quality.occlusion,
      illumination: quality.illumination,
    },
    expression: found.expression,
    face_angle: found.faceAngle,
  });
}

function landmarkResponse(found: NonNullable<FaceAttributes['landmark']>): LandmarkResponse {
  return {
    eyes_contour: found.eyes,
    mouth_contour: found.mouth,
    face_contour: found.face,
    eyebrow_contour: found.eyebrow,
    nose_contour: found.nose,
  };
}

function withoutUndefined(all: AttributesResponse): AttributesResponse {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
