import { type ErrorCode, type Filter, FrsError } from '@openfrs/contract';
import { modelOfSet, rejectLowQuality } from '../operations/enrolment-checks.ts';
import { maxMediaBytes } from '../operations/media.ts';
import type { Accounts, Project } from '../ports/accounts.ts';
import type { DeadLetters, EnrolmentOutcome, Enrolments, KeyEvent, Upload } from '../ports/enrolments.ts';
import type { FaceSet, FaceSets } from '../ports/face-sets.ts';
import type { Objects } from '../ports/objects.ts';
import type { Vision } from '../ports/vision.ts';
import { isDependencyFailure, retryableCodes } from './dependency-failure.ts';
import { isLater } from './sequencer.ts';
import { uploadFields } from './upload-fields.ts';
import { type KeyReading, readUploadKey, type UploadKey } from './upload-key.ts';

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

/** What failed so often, and nothing that it depends on is to blame for it, will not do. */
const mostFailures = 5;

/** So often in a row a process ended while it looked at the photo: by memory or time. Half an hour in the cloud. */
const mostCutOff = 10;

/** The photo ends every process that looks at it. */
class CutOff extends Error {
  override readonly name = 'CutOff';
}

/**
 * A photo put into the media bucket becomes the faces of its picture, once for each version of the object, in whatever order and however
 * often notifications come. What can't be enrolled is put among the dead letters with the contract's code, and is logged for the
 * project that its key names; what failed for a moment is thrown, so that the queue brings it again.
 */
export async function enrolUpload(upload: Upload, ports: EnrolPorts): Promise<void> {
  const reading = readUploadKey(upload.key);
  if (reading.kind !== 'photo') return await recordNoPhoto(reading, upload, ports);
  const { enrolments, faceSets, now } = ports;
  const { projectId, faceSetName, externalImageId } = reading.key;
  const named = { faceSetName, externalImageId };
  if ((await enrolments.outcome(projectId, upload)) !== undefined) return;
  await enrolments.begin(projectId, upload, 'put', now());
  if ((await laterEvents(projectId, upload, enrolments)).length > 0) return await finish(superseded);
  try {
    const faceIds = await enrol(upload, reading.key, ports);
    if (faceIds === undefined) return await finish(superseded);
    await finish({ state: 'enrolled', faceIds });
    if (!ports.removeWithObject) return;
    const later = await laterEvents(projectId, upload, enrolments);
    if (!later.some(({ kind }) => kind === 'removed')) return;
    // Its deletion came while it was being enrolled, and may have found nothing to remove yet.
    await faceSets.removeMatching(await faceSets.get(projectId, faceSetName), anyOf(faceIds));
    await finish(superseded);
  } catch (error) {
    const refusal = await refusalFor(error, projectId, upload, enrolments);
    if (refusal === undefined) throw error;
    const { code, message } = refusal;
    await ports.deadLetters.put(upload, code, message);
    await finish({ state: 'refused', faceIds: [], code, message });
  }

  async function finish(outcome: EnrolmentOutcome): Promise<void> {
    await enrolments.record(projectId, upload, { ...outcome, ...named }, now());
  }
}

/** Why the photo is given up behind a failure, which is counted where another try may mend it; undefined: it may come again. */
async function refusalFor(
  error: unknown,
  projectId: string,
  upload: Upload,
  enrolments: Enrolments,
): Promise<{ readonly code: ErrorCode; readonly message: string } | undefined> {
  if (error instanceof FrsError && !retryableCodes.has(error.code)) return error;
  if (error instanceof CutOff) return { code: 'FRS.0018', message: error.message };
  const isOwn = !isDependencyFailure(error);
  // Where the store fails that counts, it comes again.
  const failures = await enrolments.fail(projectId, upload, isOwn).catch(() => 0);
  if (!isOwn || failures < mostFailures) return undefined;
  return { code: 'FRS.0018', message: `It failed ${failures} times: see the log.` };
}

const superseded: EnrolmentOutcome = {
  state: 'ignored',
  faceIds: [],
  message: 'The photo was replaced or deleted since.',
};

/** Nothing is enrolled of it, and the log says why. */
async function recordNoPhoto(
  reading: Exclude<KeyReading, { readonly kind: 'photo' }>,
  upload: Upload,
  { enrolments, deadLetters, now }: EnrolPorts,
): Promise<void> {
  const { projectId, reason: message } = reading;
  if (projectId !== undefined && (await enrolments.outcome(projectId, upload)) !== undefined) return;
  const code = reading.kind === 'wrong' ? reading.code : undefined;
  if (code !== undefined) await deadLetters.put(upload, code, message);
  if (projectId === undefined) return;
  const state = code === undefined ? 'ignored' : 'refused';
  await enrolments.record(projectId, upload, { state, faceIds: [], ...(code && { code }), message }, now());
}

/** What happened to the key after the upload, as far as it is known. */
async function laterEvents(projectId: string, upload: Upload, enrolments: Enrolments): Promise<KeyEvent[]> {
  const events = await enrolments.eventsOfKey(projectId, upload);
  return events.filter(({ version }) => isLater(version, upload.version));
}

function anyOf(faceIds: readonly string[]): Filter {
  return { kind: 'or', operands: faceIds.map((value) => ({ kind: 'equals', field: 'face_id', value })) };
}

/** The ids of the added faces; undefined where the object was replaced meanwhile: its own notification will come. */
async function enrol(upload: Upload, named: UploadKey, ports: EnrolPorts): Promise<string[] | undefined> {
  const project = await projectOf(named, upload.bucket, ports.accounts);
  const set = await ports.faceSets.get(project.id, named.faceSetName);
  const model = modelOfSet(set, ports.vision).id;
  const object = await ports.objects.readWithMetadata(upload.bucket, upload.key, maxMediaBytes);
  if (upload.etag !== undefined && upload.etag !== object.etag) return undefined;
  const { bytes, metadata } = object;
  const fields = await uploadFields(ports.objects, upload.bucket, upload.key, metadata, set.fields);
  const cutOff = await ports.enrolments.look(named.projectId, upload);
  if (cutOff >= mostCutOff)
    throw new CutOff(`Each of ${cutOff} processes ended while it looked at the photo: see the log.`);
  const crops = ports.faceSets.keepsCrops === true;
  const found = await ports.vision.describe(bytes, { faces: 'all', model, ...(crops && { crops }) });
  // A store that hangs while faces are added leaves no end of the try either, and the photo is not to blame for that.
  if (cutOff > 0) await ports.enrolments.looked(named.projectId, upload);
  if (found.length === 0) throw new FrsError('FRS.0404');
  const faces = rejectLowQuality(found, project).map(({ box, vector, crop }) => ({
    box,
    vector,
    ...(crop && { crop }),
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

/**
 * The object is gone: where that is wished, so are the faces it had enrolled. Where a newer photo under the same key is known, those
 * of older ones only.
 */
export async function removeUpload(upload: Upload, ports: EnrolPorts): Promise<void> {
  const reading = readUploadKey(upload.key);
  if (!ports.removeWithObject || reading.kind !== 'photo') return;
  const { enrolments, now } = ports;
  const { projectId, faceSetName, externalImageId } = reading.key;
  if ((await enrolments.outcome(projectId, upload)) !== undefined) return;
  await enrolments.begin(projectId, upload, 'removed', now());
  const older = async (): Promise<readonly string[] | undefined> => {
    const events = await enrolments.eventsOfKey(projectId, upload);
    const isNewer = ({ version }: KeyEvent) => isLater(version, upload.version);
    if (!events.some((event) => event.kind === 'put' && isNewer(event))) return undefined;
    return events.filter((event) => !isNewer(event)).flatMap(({ faceIds }) => faceIds);
  };
  try {
    const set = await ports.faceSets.get(projectId, faceSetName);
    await removeFaces(ports.faceSets, set, externalImageId, older);
  } catch (error) {
    // Without the set there is nothing to remove.
    if (!(error instanceof FrsError) || error.code !== 'FRS.0302') throw error;
  }
  const outcome: EnrolmentOutcome = { state: 'removed', faceSetName, externalImageId, faceIds: [] };
  await enrolments.record(projectId, upload, outcome, now());
}

/**
 * Removes all faces of that name, or those of older photos where a newer one is known. The faces are listed before the events are looked at, and
 * no others removed: of a newer photo that begins later, none was there.
 * @param older ids of the older photos' faces; undefined where there is no newer photo
 */
async function removeFaces(
  faceSets: FaceSets,
  set: FaceSet,
  externalImageId: string,
  older: () => Promise<readonly string[] | undefined>,
): Promise<void> {
  for (;;) {
    const listed = await facesNamed(faceSets, set, externalImageId);
    const own = await older();
    const ids = own ?? listed;
    if (ids.length > 0) await faceSets.removeMatching(set, anyOf(ids));
    if (own !== undefined || listed.length < mostHits) return;
  }
}

/** As many as a search answers. */
const mostHits = 1000;

async function facesNamed(faceSets: FaceSets, set: FaceSet, value: string): Promise<string[]> {
  // Any vector: no cosine is below -1, rounding aside.
  const anywhere = new Float32Array(set.dimension).fill(1 / Math.sqrt(set.dimension));
  const hits = await faceSets.search(set, {
    probe: { vector: anywhere },
    topN: mostHits,
    minCosine: -2,
    filter: { kind: 'equals', field: 'external_image_id', value },
  });
  return hits.map(({ faceId }) => faceId);
}
