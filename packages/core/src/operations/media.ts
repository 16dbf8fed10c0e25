import { FrsError, type Media } from '@openfrs/contract';
import { enrolPrefix } from '../enrolment/upload-key.ts';
import type { TokenScope } from '../identity/token-scope.ts';
import type { Project } from '../ports/accounts.ts';
import type { Objects } from '../ports/objects.ts';
import { decodeBase64 } from './base64.ts';
import { locateObject } from './object-url.ts';

/** What reading media takes. */
export interface MediaPorts {
  readonly objects: Pick<Objects, 'read'>;
  /** Storage hosts accepted in `https://bucket.<host>/key`. */
  readonly mediaHosts: readonly string[];
  /** The bucket of `upload-create`, if the service has one. */
  readonly uploadBucket?: string;
  /** What the request's API token opens; absent: all of its project. */
  readonly scope?: TokenScope;
}

/** Of the media bucket, what projects upload through `upload-create`. */
export const uploadsPrefix = 'uploads/';

/** Where the files lie that a project has uploaded through `upload-create`. */
export const uploadPrefix = (projectId: string) => `${uploadsPrefix}${projectId}/`;

/** 8 MB: of the Base64 text, of the file, of the stored object; of two pictures together likewise. */
export const maxMediaBytes = 8 * 1024 * 1024;

/**
 * Reads a request's media, in their order, into the bytes of the files.
 * @param maxBytes of all of them together; Base64 counts by its text
 * @throws FrsError FRS.0015, FRS.0017, FRS.0021, FRS.0022, FRS.0023, FRS.0024, FRS.0027, FRS.0035
 */
export async function readMedia(
  media: readonly Media[],
  project: Project,
  ports: MediaPorts,
  maxBytes = maxMediaBytes,
): Promise<Uint8Array[]> {
  const read: Uint8Array[] = [];
  let left = maxBytes;
  for (const item of media) {
    const { bytes, size } = await readOne(item, project, ports, left);
    left -= size;
    read.push(bytes);
  }
  return read;
}

/** The one picture or video of a request. */
export async function readOneMedia(
  media: Media,
  project: Project,
  ports: MediaPorts,
  maxBytes = maxMediaBytes,
): Promise<Uint8Array> {
  return (await readOne(media, project, ports, maxBytes)).bytes;
}

async function readOne(media: Media, project: Project, ports: MediaPorts, left: number) {
  switch (media.kind) {
    case 'base64':
      if (media.text.length > left) throw tooLarge();
      return { bytes: decodeBase64(media.text), size: media.text.length };
    case 'decoded':
      if (media.textLength > left) throw tooLarge();
      return { bytes: media.bytes, size: media.textLength };
    case 'file':
      if (media.bytes.length > left) throw tooLarge();
      return { bytes: media.bytes, size: media.bytes.length };
    case 'url': {
      const { bucket, key } = locateObject(media.url, ports.mediaHosts);
      if (!mayRead(project, bucket, key, ports)) throw new FrsError('FRS.0027', `Bucket: ${bucket}.`);
      const bytes = await ports.objects.read(bucket, key, left);
      return { bytes, size: bytes.length };
    }
  }
}

/**
 * A project reads its own uploads and nobody else's, whatever it is authorised for; beside them, its buckets. Photos that enrol themselves
 * belong to a project and a set, as their faces do: they are read by who may read both.
 */
function mayRead(
  project: Project,
  bucket: string,
  key: string,
  { uploadBucket, scope }: MediaPorts,
): boolean {
  const path = normalized(key);
  if (bucket === uploadBucket && path.startsWith(uploadsPrefix))
    return path.startsWith(uploadPrefix(project.id));
  if (!project.buckets.includes(bucket)) return false;
  if (bucket !== uploadBucket || !path.startsWith(enrolPrefix)) return true;
  const [projectId, faceSetName = ''] = path.slice(enrolPrefix.length).split('/');
  return projectId === project.id && (scope?.faceSets?.includes(faceSetName) ?? true);
}

/** The key as S3 engines may read it: SeaweedFS takes `\` for `/`, and one `/` for several and for none at the beginning. */
function normalized(key: string): string {
  return key.replaceAll('\\', '/').replace(/\/+/g, '/').replace(/^\//, '');
}

function tooLarge(): FrsError {
  return new FrsError('FRS.0017');
}
