import { falsePositiveRate } from '@openfrs/core';
import { embeddingsOf } from '../embedding/embeddings.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { type DegradationName, degradations } from './degradations.ts';
import { type DiscardResult, errorVersusDiscard, type GenuineComparison } from './error-versus-discard.ts';
import { extractTemplate } from './extract-template.ts';
import { type GroupedFace, type GroupResult, measureGroups, strangersAbove } from './groups.ts';
import { type IdentificationResult, measureIdentification } from './identification.ts';
import { type Picture, photoOfEach } from './identities.ts';
import { wilson } from './intervals.ts';
import { type FaceVector, score } from './templates.ts';
import { noCache, type VectorCache } from './vector-cache.ts';

/** Poor photos of two people that are taken for one. */
interface DegradedResult {
  readonly name: DegradationName;
  /** One photo a person. */
  readonly photos: number;
  /** Of these, how many still showed a face. */
  readonly found: number;
  readonly pairs: number;
  /** Share of pairs of two people at or above similarity .93, both photos poor. */
  readonly far: number;
  readonly far_95: readonly [low: number, high: number];
}

export interface OperationResult {
  readonly identification: readonly IdentificationResult[];
  readonly groups: readonly GroupResult[];
  readonly degraded: readonly DegradedResult[];
  /** By recognisability: of photos as they are, and of the same with poor ones. FNMR at similarity .93. */
  readonly discard: readonly ({ readonly photos: 'clean' | 'clean and poor' } & DiscardResult)[];
}

export interface OperationOptions {
  /** The groups that a person belongs to; none: `groups` stays empty. */
  readonly groupsOf?: ReadonlyMap<string, readonly string[]>;
  readonly cache?: VectorCache;
  /** People whose photos are made poor, at most; default 400: 79,800 pairs. */
  readonly mostDegraded?: number;
}

/**
 * What a recognition system does in operation with these people: searches of a gallery by people in it and not in it, false
 * acceptances by group, and between poor photos, the last two at similarity .93.
 */
export async function measureOperation(
  pipeline: FacePipeline,
  people: readonly Picture[],
  { groupsOf = new Map(), cache = noCache, mostDegraded = 400 }: OperationOptions = {},
): Promise<OperationResult> {
  const [model] = embeddingsOf(pipeline.embedder);
  const cosine = model.cosine(0.93);
  const vectors = new Map<string, FaceVector[]>();
  const grouped: GroupedFace[] = [];
  for (const { file, person } of people) {
    const vector = await extractTemplate(pipeline, file, cache);
    if (vector === undefined) continue;
    vectors.set(person, [...(vectors.get(person) ?? []), vector]);
    grouped.push({ person, groups: groupsOf.get(person) ?? [], vector });
  }
  const chosen = photoOfEach(people, mostDegraded);
  const degraded: DegradedResult[] = [];
  const clean = [...vectors.values()].flatMap((own) => genuinePairs(own, cosine));
  const poor: GenuineComparison[] = [];
  for (const name of Object.keys(degradations) as DegradationName[]) {
    const faces = await extractDegraded(pipeline, chosen, name, cache);
    degraded.push(measureDegraded(faces, name, chosen.length, cosine));
    // A person's first photo, made poor, against the others as they are.
    for (const { person, vector } of faces) {
      const others = vectors.get(person)?.slice(1, mostOthers) ?? [];
      poor.push(...others.map((other) => compareGenuine(vector, other, cosine)));
    }
  }
  const discard = [
    ...errorVersusDiscard(clean).map((row) => ({ photos: 'clean' as const, ...row })),
    ...errorVersusDiscard([...clean, ...poor]).map((row) => ({ photos: 'clean and poor' as const, ...row })),
  ];
  const expectedFpir = (at: number, gallery: number) => falsePositiveRate(model, at, gallery);
  const identification = measureIdentification(vectors, { expectedFpir });
  return { identification, groups: measureGroups(grouped, cosine), degraded, discard };
}

/** Photos of a person that another is compared with, at most: a few people with hundreds must not decide the figure. */
const mostOthers = 6;

function compareGenuine(a: FaceVector, b: FaceVector, cosine: number): GenuineComparison {
  return {
    quality: Math.min(a.recognisability, b.recognisability),
    isMiss: score(a.enrolled, b) < cosine,
  };
}

function genuinePairs(own: readonly FaceVector[], cosine: number): GenuineComparison[] {
  const some = own.slice(0, mostOthers);
  return some.flatMap((a, i) => some.slice(i + 1).map((b) => compareGenuine(a, b, cosine)));
}

interface PersonsFace {
  readonly person: string;
  readonly vector: FaceVector;
}

async function extractDegraded(
  pipeline: FacePipeline,
  people: readonly Picture[],
  name: DegradationName,
  cache: VectorCache,
): Promise<PersonsFace[]> {
  const faces: PersonsFace[] = [];
  for (const { file, person } of people) {
    const vector = await extractTemplate(pipeline, file, cache, name);
    if (vector) faces.push({ person, vector });
  }
  return faces;
}

function measureDegraded(
  faces: readonly PersonsFace[],
  name: DegradationName,
  photos: number,
  cosine: number,
): DegradedResult {
  const { pairs, above } = strangersAbove(faces, cosine);
  const { share, low, high } = wilson(above, pairs);
  return { name, photos, found: faces.length, pairs, far: share, far_95: [low, high] };
}
