import type { AnswerOf, FaceSetRequest } from '@openfrs/contract';
import type { FaceSets } from '../ports/face-sets.ts';
import { faceSetAnswer } from './answers.ts';
import type { UseCase } from './use-case.ts';

/** Chapter 4.5.3: the state of one face set. */
export const faceSetShow: UseCase<
  FaceSetRequest,
  { readonly faceSets: FaceSets },
  AnswerOf<'face-set-show'>
> = async ({ faceSetName }, project, { faceSets }) => ({
  face_set_info: faceSetAnswer(await faceSets.get(project.id, faceSetName)),
});
