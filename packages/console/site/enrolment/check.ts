import { type Api, ApiError } from '../api/api.ts';
import type { Box, FoundFace, SetFace } from '../api/responses.ts';
import { setPath } from '../people/lookup.ts';
import { nameOf } from '../people/name.ts';
import { type Photo, photoFields, preparePhoto } from '../photos/photo.ts';
import { contentHash } from './ids.ts';
import type { PlannedPhoto } from './plan.ts';

/** As `openfrs enrol` has it: below it a face holds too little of a person. */
export const leastRecognizable = 0.6;
/** One in 100,000 pairs of strangers reaches it. */
const surelyAlike = 0.97;
/** The very same photo; others of one person stay below. */
const samePhoto = 0.9999;

export type Finding =
  | { readonly kind: 'no-face' | 'several-faces' }
  | { readonly kind: 'poor'; readonly recognizability: number }
  | { readonly kind: 'fields'; readonly values: readonly string[] }
  | { readonly kind: 'same-file'; readonly as: string }
  | { readonly kind: 'already-there'; readonly faceId: string }
  | { readonly kind: 'looks-like'; readonly name: string; readonly similarity: number }
  | { readonly kind: 'refused'; readonly error: unknown };

/** What is wrong with a photo must be mended; what is doubtful is left out unless somebody says otherwise; the rest is to be known. */
export function severity({ kind }: Finding): 'wrong' | 'doubtful' | 'note' {
  if (kind === 'several-faces') return 'note';
  return kind === 'same-file' || kind === 'already-there' || kind === 'looks-like' ? 'doubtful' : 'wrong';
}

export interface Checked {
  readonly photo: Photo;
  readonly box?: Box;
  readonly findings: readonly Finding[];
}

/**
 * Looks at a photo as enrolment would, and writes nothing: is there a face, does it hold enough of a person, is it the same file as
 * another, and is it in the set already, as this person or as another?
 * @param seen paths of the photos that were checked before, by the hash of their content
 */
export async function checkPhoto(
  api: Api,
  set: { readonly name: string; readonly isEmpty: boolean },
  planned: PlannedPhoto,
  seen: Map<string, string>,
): Promise<Checked> {
  const findings: Finding[] = [];
  if (planned.wrong.length > 0) findings.push({ kind: 'fields', values: planned.wrong });
  const hash = contentHash(new Uint8Array(await planned.file.arrayBuffer()));
  const twin = seen.get(hash);
  if (twin !== undefined && twin !== planned.path) findings.push({ kind: 'same-file', as: twin });
  else seen.set(hash, planned.path);
  const photo = await preparePhoto(planned.file);
  try {
    const box = await lookAt(api, photo, findings);
    if (box && !set.isEmpty) await lookUp(api, set.name, photo, planned, findings);
    return { photo, findings, ...(box && { box }) };
  } catch (error) {
    if (!(error instanceof ApiError) || isPassing(error)) throw error;
    return { photo, findings: [...findings, { kind: 'refused', error }] };
  }
}

/** Of the service, not of the photo: it is worth another try. */
export const isPassing = ({ code }: ApiError): boolean =>
  code === 'FRS.0033' || code === 'FRS.0018' || code.startsWith('APIG');

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
  const own = body.faces.find((face) => face.external_image_id === id && (face.similarity ?? 0) >= samePhoto);
  if (own) findings.push({ kind: 'already-there', faceId: own.face_id });
  const other = body.faces.find((face) => face.external_image_id !== id);
  if (other) findings.push({ kind: 'looks-like', name: nameOf(other), similarity: other.similarity ?? 0 });
}
