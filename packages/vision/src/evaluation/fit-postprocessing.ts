import { type Directions, type EmbeddingForm, formOf } from '../embedding/embedding-form.ts';
import { inner, orthonormal, type Rows, takeOut } from '../embedding/orthonormal.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { type Calibration, calibrationOf, leastStrangers } from './calibration.ts';
import { type DegradationName, fittedDegradations } from './degradations.ts';
import { extractVector } from './extract-template.ts';
import { type Picture, photoOfEach } from './identities.ts';
import { isHeldOut } from './person-split.ts';
import { type FaceVector, faceVectorOf, score } from './templates.ts';
import type { VectorCache } from './vector-cache.ts';

export interface FitOptions {
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  readonly cache: VectorCache;
  /** People whose photos are made poor, at most. */
  readonly mostDegraded?: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** What an entry's `embedder.postprocessing` has besides its name, and on how many it was fitted: the rest of the people is for figures. */
export interface Fitted {
  readonly postprocessing: Directions & Calibration & { readonly fitted: string };
  readonly people: number;
  readonly degraded: number;
  readonly groups: readonly string[];
}

/** People without whom a group has no mean. */
const leastOfGroup = 10;
/**
 * The squared length below which vectors are shortened: good photos lie above it, most masked, blurred and shaken ones below.
 * Clean TAR at 1e-4 is the same with and without, with .95 it is .001 lower (packages/docs/figures.md).
 */
const shortenedBelow = 0.9;

/**
 * Means of groups, and of poor photos of each kind, on the half of the people that isn't held out; the calibration on all photos.
 * @throws Error fewer than three groups of ten people, or than 10,000 pairs of strangers
 */
export async function fitPostprocessing(
  pipeline: FacePipeline,
  pictures: readonly Picture[],
  { groupsOf, cache, mostDegraded = 400, onProgress }: FitOptions,
): Promise<Fitted> {
  const poor = photoOfEach(pictures, mostDegraded).filter(({ person }) => !isHeldOut(person));
  const total = pictures.length + poor.length * fittedDegradations.length;
  let done = 0;
  const look = async (file: string, degradation?: DegradationName) => {
    const vector = await extractVector(pipeline, file, cache, degradation);
    done += 1;
    onProgress?.(done, total);
    return vector;
  };
  const faces: Face[] = [];
  for (const { file, person } of pictures) {
    const vector = await look(file);
    if (vector) faces.push({ person, vector });
  }
  const own = faces.filter(({ person }) => !isHeldOut(person));
  const photos = new Map<string, Float32Array[]>();
  for (const { person, vector } of own) photos.set(person, [...(photos.get(person) ?? []), vector]);
  const people = new Map([...photos].map(([person, vectors]) => [person, meanOf(vectors)]));
  const mean = meanOf([...people.values()]);
  const { names: groups, means } = groupMeans(people, groupsOf);
  const centre = meanOf(means);
  const removed = orthonormal(means.map((group) => minus(group, centre)));
  const unrecognisable: Float64Array[] = [];
  for (const name of fittedDegradations) {
    const vectors: Float64Array[] = [];
    for (const { file } of poor) {
      const vector = await look(file, name);
      if (vector) vectors.push(without(removed, minus(vector, mean)));
    }
    unrecognisable.push(meanOf(vectors));
  }
  const directions: Directions = {
    mean: packed(mean),
    removed: removed.map(packed),
    unrecognisable: unrecognisable.map(packed),
    shortenedBelow,
  };
  const calibration = calibrationOf(strangers(faces, formOf(mean.length, directions)));
  if (calibration === undefined)
    throw new Error(`At least ${leastStrangers} pairs of two people are needed.`);
  const fitted = `${own.length} photos of ${people.size} people; means of ${groups.length} groups (${groups.join(', ')}); one photo each of ${poor.length} of these people made poor: ${fittedDegradations.join('; ')}. Calibrated on ${faces.length} photos.`;
  return {
    postprocessing: { fitted, ...directions, ...calibration },
    people: people.size,
    degraded: poor.length,
    groups,
  };
}

interface Face {
  readonly person: string;
  /** As the network gives it. */
  readonly vector: Float32Array;
}

/** What two people's photos have in common, all pairs. */
function strangers(faces: readonly Face[], form: EmbeddingForm): Float32Array {
  const vectors = faces.map(({ vector }) => faceVectorOf(form, vector));
  return Float32Array.from(
    faces.flatMap(({ person }, i) =>
      faces.slice(i + 1).flatMap((other, k) => {
        if (other.person === person) return [];
        return score((vectors[i] as FaceVector).enrolled, vectors[i + 1 + k] as FaceVector);
      }),
    ),
  );
}

/** Groups of origin; a sex within one, or an age, is no direction of its own. */
function groupMeans(people: ReadonlyMap<string, Float64Array>, groupsOf: FitOptions['groupsOf']) {
  const members = new Map<string, Float64Array[]>();
  for (const [person, vector] of people) {
    const [group] = groupsOf.get(person) ?? [];
    if (group === undefined || /^(?:young|old)\b/.test(group)) continue;
    members.set(group, [...(members.get(group) ?? []), vector]);
  }
  const large = [...members]
    .filter(([, own]) => own.length >= leastOfGroup)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (large.length < 3) {
    throw new Error(
      `At least three groups of ${leastOfGroup} people are needed: the groups' file names them.`,
    );
  }
  return { names: large.map(([name]) => name), means: large.map(([, own]) => meanOf(own)) };
}

function meanOf(vectors: readonly ArrayLike<number>[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (let i = 0; i < sum.length; i += 1)
      sum[i] = (sum[i] as number) + (vector[i] as number) / vectors.length;
  }
  return sum;
}

function minus(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (value, i) => value - (b[i] as number));
}

/** Unit length again, less the subspace. */
function without(subspace: Rows, vector: Float64Array): Float64Array {
  const rest = vector.slice();
  takeOut(subspace, rest);
  const length = Math.sqrt(inner(rest, rest)) || 1;
  return rest.map((value) => value / length);
}

function packed(vector: Float64Array): string {
  const bytes = Buffer.alloc(4 * vector.length);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes.toString('base64');
}
