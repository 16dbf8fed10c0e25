import { FrsError } from '@openfrs/contract';
import { assertSameModel, rejectLowQuality } from '../operations/enrolment-checks.ts';
import { maxMediaBytes } from '../operations/media.ts';
import type { Accounts, Project } from '../ports/accounts.ts';
import type { DeadLetters, EnrolmentOutcome, Enrolments, Upload } from '../ports/enrolments.ts';
import type { FaceSets } from '../ports/face-sets.ts';
import type { Objects } from '../ports/objects.ts';
import type { Vision } from '../ports/vision.ts';
import { uploadFields } from './upload-fields.ts';
import { isPhotoKey, parseUploadKey, type UploadKey } from './upload-key.ts';

export interface EnrolPorts {
  readonly accounts: Accounts;
  readonly objects: Objects;
  readonly vision: Vision;
  readonly faceSets: FaceSets;
  readonly enrolments: Enrolments;
  readonly deadLetters: DeadLetters;
  readonly now: () => Date;
  /** Deleting the object removes the faces that it had enrolled. */
  readonly removeWithObject: boolean;
}

/** Codes that another try may mend: the stores' own failures. */
const retryableCodes = new Set(['FRS.0018', 'FRS.0022']);

/**
 * A photo put into the media bucket becomes the faces of its picture, once for each version of the object
 * however often the notification comes. What can never be enrolled is recorded and put among the dead
 * letters with the contract's code; what failed for a moment is thrown, so that the queue brings it again.
 */
export async function enrolUpload(upload: Upload, ports: EnrolPorts): Promise<void> {
  const named = parseUploadKey(upload.key);
  if (named === undefined) {
    if (isPhotoKey(upload.key))
      await ports.deadLetters.put(upload, 'FRS.0012', 'The key names no face set or image id.');
    return;
  }
  if ((await ports.enrolments.outcome(named.projectId, upload)) !== undefined) return;
  try {
    const faceIds = await enrol(upload, named, ports);
    if (faceIds !== undefined) await finish({ state: 'enrolled', faceIds });
  } catch (error) {
    if (!(error instanceof FrsError) || retryableCodes.has(error.code)) throw error;
    await ports.deadLetters.put(upload, error.code, error.message);
    await finish({ state: 'refused', faceIds: [], code: error.code, message: error.message });
  }

  async function finish(outcome: Omit<EnrolmentOutcome, 'faceSetName' | 'externalImageId'>): Promise<void> {
    const { projectId, faceSetName, externalImageId } = named as UploadKey;
    await ports.enrolments.record(
      projectId,
      upload,
      { ...outcome, faceSetName, externalImageId },
      ports.now(),
    );
  }
}

/** The ids of the added faces; undefined where the object was replaced meanwhile: its own notification will come. */
async function enrol(upload: Upload, named: UploadKey, ports: EnrolPorts): Promise<string[] | undefined> {
  const project = await projectOf(named, upload.bucket, ports.accounts);
  const set = await ports.faceSets.get(project.id, named.faceSetName);
  assertSameModel(set, ports.vision.model);
  const object = await ports.objects.readWithMetadata(upload.bucket, upload.key, maxMediaBytes);
  if (upload.etag !== undefined && upload.etag !== object.etag) return undefined;
  const { bytes, metadata } = object;
  const fields = await uploadFields(ports.objects, upload.bucket, upload.key, metadata, set.fields);
  const found = await ports.vision.describe(bytes, { faces: 'all', purpose: 'enrol' });
  if (found.length === 0) throw new FrsError('FRS.0404');
  const faces = rejectLowQuality(found, project).map(({ box, vector }) => ({
    box,
    vector,
    externalImageId: named.externalImageId,
    fields,
  }));
  const once = JSON.stringify([upload.bucket, upload.key, upload.version]);
  return (await ports.faceSets.add(set, faces, { once })).map(({ faceId }) => faceId);
}

/** The project must exist, be subscribed, and be allowed to read the bucket, as for `image_url`. */
async function projectOf(named: UploadKey, bucket: string, accounts: Accounts): Promise<Project> {
  const project = await accounts.project(named.projectId);
  if (project === undefined || !project.enabled) throw new FrsError('FRS.0028');
  if (project.frozen) throw new FrsError('FRS.0202');
  if (project.subscriptions.search === undefined) throw new FrsError('FRS.0020');
  if (!project.buckets.includes(bucket)) throw new FrsError('FRS.0027');
  return project;
}

/** The object is gone: where that is wished, so are the faces it had enrolled. */
export async function removeUpload(upload: Upload, ports: EnrolPorts): Promise<void> {
  const named = parseUploadKey(upload.key);
  if (!ports.removeWithObject || named === undefined) return;
  const { projectId, faceSetName, externalImageId } = named;
  if ((await ports.enrolments.outcome(projectId, upload)) !== undefined) return;
  try {
    const set = await ports.faceSets.get(projectId, faceSetName);
    await ports.faceSets.removeMatching(set, {
      kind: 'equals',
      field: 'external_image_id',
      value: externalImageId,
    });
  } catch (error) {
    // Without the set there is nothing to remove.
    if (!(error instanceof FrsError) || error.code !== 'FRS.0302') throw error;
  }
  const outcome: EnrolmentOutcome = { state: 'removed', faceSetName, externalImageId, faceIds: [] };
  await ports.enrolments.record(projectId, upload, outcome, ports.now());
}
