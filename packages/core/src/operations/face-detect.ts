import {
  type AttributesResponse,
  type DetectRequest,
  type LandmarkResponse,
  type ResponseOf,
  shortestSingle,
} from '@openfrs/contract';
import type { FaceAttributes, Point, Vision } from '../ports/vision.ts';
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

/** Figures that the reference types as `float` are answered as the decimal that stands for the single. */
function attributesResponse(found: FaceAttributes): AttributesResponse {
  const { pose, quality } = found;
  return withoutUndefined({
    yaw_angle: pose && shortestSingle(pose.yaw),
    pitch_angle: pose && shortestSingle(pose.pitch),
    roll_angle: pose && shortestSingle(pose.roll),
    gender: found.gender,
    age: found.age,
    dress: found.dress,
    smile: found.smile,
    mask: found.mask,
    hair: found.hair,
    beard: found.beard,
    phototype: found.phototype,
    quality: quality && {
      total_score: shortestSingle(quality.total),
      blur: shortestSingle(quality.blur),
      pose: shortestSingle(quality.pose),
      occlusion: shortestSingle(quality.occlusion),
      illumination: shortestSingle(quality.illumination),
      ...(quality.recognisability !== undefined && {
        recognizability: shortestSingle(quality.recognisability),
      }),
    },
    expression: found.expression && {
      ...found.expression,
      probability: shortestSingle(found.expression.probability),
    },
    face_angle: found.faceAngle,
  });
}

function landmarkResponse(found: NonNullable<FaceAttributes['landmark']>): LandmarkResponse {
  return {
    eyes_contour: contourResponse(found.eyes),
    mouth_contour: contourResponse(found.mouth),
    face_contour: contourResponse(found.face),
    eyebrow_contour: contourResponse(found.eyebrow),
    nose_contour: contourResponse(found.nose),
  };
}

const contourResponse = (points: readonly Point[]) =>
  points.map(({ x, y }) => ({ x: shortestSingle(x), y: shortestSingle(y) }));

function withoutUndefined(all: AttributesResponse): AttributesResponse {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
