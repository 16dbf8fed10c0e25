import type { Directions } from '../embedding/embedding-form.ts';
import { inner, orthonormal, type Rows, takeOut } from '../embedding/orthonormal.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { type DegradationName, fittedDegradations } from './degradations.ts';
import { extractVector } from './extract-template.ts';
import { type Picture, photoOfEach } from './identities.ts';
import { isHeldOut } from './person-split.ts';
import type { VectorCache } from './vector-cache.ts';

export interface FitOptions {
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  readonly cache: VectorCache;
  /** People whose photos are made poor, at most. */
  readonly mostDegraded?: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** What was fitted, and on how many: the rest of the people is for figures. */
export interface Fitted extends Directions {
  readonly people: number;
  readonly degraded: number;
  readonly groups: readonly string[];
}

/** People without whom a group has no mean. */
const leastOfGroup = 10;

/** Means of groups, and of poor photos of each kind, on the half of the people that isn't held out. */
export async function fitPostprocessing(
  pipeline: FacePipeline,
  pictures: readonly Picture[],
  { groupsOf, cache, mostDegraded = 400, onProgress }: FitOptions,
): Promise<Fitted> {
  const own = pictures.filter(({ person }) => !isHeldOut(person));
  const poor = photoOfEach(pictures, mostDegraded).filter(({ person }) => !isHeldOut(person));
  const total = own.length + poor.length * fittedDegradations.length;
  let done = 0;
  const look = async (file: string, degradation?: DegradationName) => {
    const vector = await extractVector(pipeline, file, cache, degradation);
    done += 1;
    onProgress?.(done, total);
    return vector;
  };
  const photos = new Map<string, Float32Array[]>();
  for (const { file, person } of own) {
    const vector = await look(file);
    if (vector) photos.set(person, [...(photos.get(person) ?? []), vector]);
  }
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
  return {
    mean: packed(mean),
    removed: removed.map(packed),
    unrecognisable: unrecognisable.map(packed),
    people: people.size,
    degraded: poor.length,
    groups,
  };
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
