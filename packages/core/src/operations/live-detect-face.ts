import type { PhotoLivenessRequest, ResponseOf } from '@openfrs/contract';
import type { Liveness } from '../ports/liveness.ts';
import { type MediaPorts, readOneMedia } from './media.ts';
import type { UseCase } from './use-case.ts';
import { warningsResponse } from './warnings.ts';

/** 2 MB, the limit of this operation alone. */
const maxPhotoBytes = 2 * 1024 * 1024;

/** Silent liveness: is the largest face of one photo a live person's? */
export const liveDetectFace: UseCase<
  PhotoLivenessRequest,
  MediaPorts & { readonly liveness: Liveness },
  ResponseOf<'live-detect-face'>
> = async ({ image }, project, ports, signal) => {
  const bytes = await readOneMedia(image, project, ports, maxPhotoBytes);
  const { alive, confidence, picture, warnings } = await ports.liveness.judgePhoto(bytes, signal);
  return {
    result: { alive, confidence, picture: Buffer.from(picture).toString('base64') },
    'warning-list': warningsResponse(warnings),
  };
};
