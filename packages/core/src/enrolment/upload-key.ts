import { type ErrorCode, externalImageIdPattern, faceSetNamePattern } from '@openfrs/contract';

/** What the key of a photo says. */
export interface UploadKey {
  readonly projectId: string;
  readonly faceSetName: string;
  readonly externalImageId: string;
}

/** What an object under `enrol/` is by its key. */
export type KeyReading =
  | { readonly kind: 'photo'; readonly key: UploadKey }
  /** Belongs there without being a photo: it is left alone. */
  | { readonly kind: 'other'; readonly projectId: string | undefined; readonly reason: string }
  | {
      readonly kind: 'wrong';
      readonly projectId: string | undefined;
      readonly code: ErrorCode;
      readonly reason: string;
    };

/** Of the media bucket, what enrols itself. */
export const enrolPrefix = 'enrol/';

const expected = 'enrol/{project_id}/{face_set_name}/{external_image_id}.jpg';

/**
 * Reads a key under `enrol/`: a photo is `enrol/{project_id}/{face_set_name}/{external_image_id}.jpg` (or .jpeg, .png, .bmp). Of
 * everything else it says why it is none.
 */
export function readUploadKey(key: string): KeyReading {
  const [, project = '', ...rest] = key.split('/');
  const projectId = project === '' || rest.length === 0 ? undefined : project;
  const wrong = (code: ErrorCode, reason: string): KeyReading => ({ kind: 'wrong', projectId, code, reason });
  if (key.endsWith('/')) return { kind: 'other', projectId, reason: 'A folder holds no photo itself.' };
  const [faceSetName = '', file = '', ...deeper] = rest;
  if (projectId === undefined || file === '' || deeper.length > 0) {
    return wrong(
      'FRS.0012',
      `The key is not ${expected}: there is a folder too ${deeper.length > 0 ? 'many' : 'few'}.`,
    );
  }
  if (/\.json$/i.test(file)) {
    return { kind: 'other', projectId, reason: 'It holds the custom fields of the photo of its name.' };
  }
  const [, externalImageId] = /^(.*)\.(?:jpe?g|png|bmp)$/is.exec(file) ?? [];
  if (externalImageId === undefined) {
    return wrong('FRS.0016', 'The name of a photo ends in .jpg, .jpeg, .png or .bmp.');
  }
  if (!faceSetNamePattern.test(faceSetName)) {
    return wrong('FRS.0012', 'The face set in the key must be 1 to 64 letters, digits, _ or -.');
  }
  if (!externalImageIdPattern.test(externalImageId)) {
    return wrong('FRS.0012', 'The external_image_id in the key must be 1 to 36 letters, digits, _ or -.');
  }
  return { kind: 'photo', key: { projectId, faceSetName, externalImageId } };
}

/** Where the custom fields of a photo may lie: a JSON object of fields, put before the photo. */
export function sidecarKey(key: string): string {
  return key.replace(/\.[^.]+$/, '.json');
}
