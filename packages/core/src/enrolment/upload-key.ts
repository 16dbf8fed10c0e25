import { externalImageIdPattern, faceSetNamePattern } from '@openfrs/contract';

/** What the key of an upload says. */
export interface UploadKey {
  readonly projectId: string;
  readonly faceSetName: string;
  readonly externalImageId: string;
}

const photo = /^enrol\/([^/]+)\/([^/]+)\/([^/]+)\.(?:jpe?g|png|bmp)$/i;

/**
 * Reads `enrol/{project_id}/{face_set_name}/{external_image_id}.jpg` (or .jpeg, .png, .bmp). Undefined for
 * everything else, such as the sidecar files beside the photos and the folders' own keys.
 */
export function parseUploadKey(key: string): UploadKey | undefined {
  const [, projectId = '', faceSetName = '', externalImageId = ''] = photo.exec(key) ?? [];
  const named = faceSetNamePattern.test(faceSetName) && externalImageIdPattern.test(externalImageId);
  return named ? { projectId, faceSetName, externalImageId } : undefined;
}

/** True for keys that look like photos, whose names are then wrong and are reported. */
export function isPhotoKey(key: string): boolean {
  return /^enrol\/.+\.(?:jpe?g|png|bmp)$/i.test(key);
}

/** Where the custom fields of a photo may lie: a JSON object of fields, put before the photo. */
export function sidecarKey(key: string): string {
  return key.replace(/\.[^.]+$/, '.json');
}
