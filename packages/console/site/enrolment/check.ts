import { leastRecognizable, samePersonFrom, samePhotoFrom } from '@openfrs/contract/usual-thresholds';
import { type Api, ApiError } from '../api/api.ts';
import type { Box, FoundFace, SetFace } from '../api/responses.ts';
import { setPath } from '../people/lookup.ts';
import { nameOf } from '../people/name.ts';
import { type Photo, photoFields, preparePhoto } from '../photos/photo.ts';
import { contentHash } from './ids.ts';
import type { PlannedPhoto } from './plan.ts';

/** One in 100,000 pairs of strangers reaches it. */
const surelyAlike = 0.97;

export type Finding =
  | { readonly kind: 'no-face' | 'several-faces' | 'loses-name' }
  | { readonly kind: 'poor'; readonly recognizability: number }
  | { readonly kind: 'fields'; readonly values: readonly string[] }
  | { readonly kind: 'same-file' | 'same-name'; readonly as: string }
  | { readonly kind: 'unlike'; readonly as: string; readonly similarity: number }
  | { readonly kind: 'already-there'; readonly faceId: string }
  | { readonly kind: 'looks-like'; readonly name: string; readonly similarity: number }
  | { readonly kind: 'refused'; readonly error: unknown };

/** What is wrong with a photo must be mended; what is doubtful is left out unless somebody says otherwise; the rest is to be known. */
export function severity({ kind }: Finding): 'wrong' | 'doubtful' | 'note' {
  return severities[kind];
}

const severities: Readonly<Record<Finding['kind'], 'wrong' | 'doubtful' | 'note'>> = {
  'no-face': 'wrong',
  'several-faces': 'note',
  'loses-name': 'note',
  poor: 'wrong',
  fields: 'wrong',
  'same-file': 'doubtful',
  'same-name': 'doubtful',
  unlike: 'doubtful',
  'already-there': 'doubtful',
  'looks-like': 'doubtful',
  refused: 'wrong',
};

/** What the plan alone tells of a photo. */
export function findingsOfPlan({ wrong, sharedWith, losesName }: PlannedPhoto): Finding[] {
  return [
    ...(wrong.length > 0 ? [{ kind: 'fields', values: wrong } as const] : []),
    ...(sharedWith === undefined ? [] : [{ kind: 'same-name', as: sharedWith } as const]),
    ...(losesName ? [{ kind: 'loses-name' } as const] : []),
  ];
}

/** What the photos before have shown: which contents there were, and the first good photo of each person. */
export class CheckedBefore {
  readonly contents = new Map<string, PlannedPhoto>();
  readonly people = new Map<string, { readonly planned: PlannedPhoto; readonly photo: Photo }>();
}

export interface Checked {
  readonly photo: Photo;
  readonly box?: Box;
  readonly findings: readonly Finding[];
}

/**
 * Looks at a photo as enrolment would, and writes nothing: is there a face, does it hold enough of a person, is it the same file as
 * another, is it unlike the person's first photo, and is it in the set already, as this person or as another?
 * @throws ApiError, TypeError what is of the service, not of the photo: it can be checked again
 */
export async function checkPhoto(
  api: Api,
  set: { readonly name: string; readonly isEmpty: boolean },
  planned: PlannedPhoto,
  before: CheckedBefore,
): Promise<Checked> {
  const findings = findingsOfPlan(planned);
  const hash = contentHash(new Uint8Array(await planned.file.arrayBuffer()));
  const twin = before.contents.get(hash);
  if (twin && twin.number !== planned.number) findings.push({ kind: 'same-file', as: twin.path });
  else before.contents.set(hash, planned);
  const photo = await preparePhoto(planned.file);
  try {
    const box = await lookAt(api, photo, findings);
    if (box) await compareWithFirst(api, photo, planned, before, findings);
    if (box && !set.isEmpty) await lookUp(api, set.name, photo, planned, findings);
    return { photo, findings, ...(box && { box }) };
  } catch (error) {
    if (!(error instanceof ApiError) || !isOfPhoto(error)) throw error;
    return { photo, findings: [...findings, { kind: 'refused', error }] };
  }
}

/** Of the service, not of the photo: it is worth another try. */
export const isPassing = ({ code, entry: { status } }: ApiError): boolean =>
  code === 'FRS.0033' || code === 'FRS.0018' || status === 429 || status >= 500;

/** Nobody can tell whether the service has done it. */
export const isWithoutAnswer = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof ApiError && error.entry.status >= 500);

/** The service itself has said no: nothing of the request goes on. A gateway's answer says nothing of what is behind it. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.code.startsWith('FRS.');

/** The faces of an id that were added from this very photo. */
export async function facesOfPhoto(
  api: Api,
  set: string,
  photo: Photo,
  id: string,
): Promise<readonly SetFace[]> {
  const { body } = await api.call<{ faces: readonly SetFace[] }>({
    method: 'POST',
    path: `${setPath(set)}/search`,
    form: {
      ...photoFields('image', photo),
      filter: `external_image_id:${id}`,
      top_n: '10',
      threshold: String(samePhotoFrom),
    },
  });
  return body.faces;
}

/** A refusal that another photo might not get. */
const isOfPhoto = (error: ApiError): boolean =>
  !isPassing(error) && (error.entry.status === 400 || error.entry.status === 413);

/** Many people under one name, as where a folder of all is taken for a person's, show in photos that are unlike. */
async function compareWithFirst(
  api: Api,
  photo: Photo,
  planned: PlannedPhoto,
  before: CheckedBefore,
  findings: Finding[],
): Promise<void> {
  const first = before.people.get(planned.id);
  if (!first) before.people.set(planned.id, { planned, photo });
  if (!first || first.planned.number === planned.number) return;
  const { body } = await api.call<{ similarity: number }>({
    method: 'POST',
    path: 'face-compare',
    form: { ...photoFields('image1', first.photo), ...photoFields('image2', photo) },
  });
  const { similarity } = body;
  if (similarity < samePersonFrom) findings.push({ kind: 'unlike', as: first.planned.path, similarity });
}

async function lookAt(api: Api, photo: Photo, findings: Finding[]): Promise<Box | undefined> {
  const { body } = await api.call<{ faces: readonly FoundFace[] }>({
    method: 'POST',
    path: 'face-detect',
    form: { ...photoFields('image', photo), attributes: '12' },
  });
  const [face] = body.faces;
  if (!face) {
    findings.push({ kind: 'no-face' });
    return undefined;
  }
  if (body.faces.length > 1) findings.push({ kind: 'several-faces' });
  const recognizability = face.attributes?.quality?.recognizability;
  if (recognizability !== undefined && recognizability < leastRecognizable) {
    findings.push({ kind: 'poor', recognizability });
  }
  return face.bounding_box;
}

async function lookUp(
  api: Api,
  set: string,
  photo: Photo,
  { id }: PlannedPhoto,
  findings: Finding[],
): Promise<void> {
  const { body } = await api.call<{ faces: readonly SetFace[] }>({
    method: 'POST',
    path: `${setPath(set)}/search`,
    form: { ...photoFields('image', photo), top_n: '5', threshold: String(surelyAlike) },
  });
  const own = body.faces.find(
    (face) => face.external_image_id === id && (face.similarity ?? 0) >= samePhotoFrom,
  );
  if (own) findings.push({ kind: 'already-there', faceId: own.face_id });
  const other = body.faces.find((face) => face.external_image_id !== id);
  if (other) findings.push({ kind: 'looks-like', name: nameOf(other), similarity: other.similarity ?? 0 });
}
