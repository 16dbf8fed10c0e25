import {
  type AddFacesRequest,
  checkStringValues,
  FrsError,
  newId,
  type ResponseOf,
  typeFields,
} from '@openfrs/contract';
import type { FaceRecords } from '../ports/face-sets.ts';
import type { Vision } from '../ports/vision.ts';
import { modelOfSet, rejectLowQuality } from './enrolment-checks.ts';
import { type MediaPorts, readOneMedia } from './media.ts';
import { setFacesResponse } from './to-response.ts';
import type { UseCase } from './use-case.ts';

export type AddFacesPorts = MediaPorts & { readonly faceSets: FaceRecords; readonly vision: Vision };

/** Chapter 4.6.1: adds the largest face of a picture or all of them, under one `external_image_id`. */
export const faceAdd: UseCase<AddFacesRequest, AddFacesPorts, ResponseOf<'face-add'>> = async (
  { faceSetName, image, externalImageId = newId(), externalFields, single, minRecognizability },
  project,
  ports,
  signal,
) => {
  const set = await ports.faceSets.get(project.id, faceSetName);
  checkStringValues(set.fields, externalFields);
  const model = modelOfSet(set, ports.vision).id;
  const bytes = await readOneMedia(image, project, ports);
  const crops = ports.faceSets.keepsCrops === true;
  const found = await ports.vision.describe(
    bytes,
    { faces: single ? 'largest' : 'all', model, ...(crops && { crops }) },
    signal,
  );
  const fields = typeFields(set.fields, externalFields);
  if (found.length === 0) throw new FrsError('FRS.0404');
  const faces = rejectLowQuality(found, project, minRecognizability).map(({ box, vector, crop }) => ({
    box,
    vector,
    ...(crop && { crop }),
    externalImageId,
    fields,
  }));
  return setFacesResponse(set, await ports.faceSets.add(set, faces));
};
