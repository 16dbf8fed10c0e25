import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { extractTemplate, findPerson, readPicture } from './extract-template.ts';
import { type GroupResult, measureGroups } from './groups.ts';
import { type IdentificationResult, measureIdentification } from './identification.ts';
import type { Picture } from './identities.ts';
import type { FaceVector } from './templates.ts';
import type { VectorCache } from './vector-cache.ts';
import { measureIdentities, type SetResult } from './verification.ts';

/** What tells one embedder from another, on the same photos. */
export interface EmbedderSummary {
  readonly model: string;
  /** Median of one face's embedding, its mirror image included; undefined where no photo shows a face. */
  readonly ms_per_face: number | undefined;
  readonly verification: SetResult;
  /** Galleries that there are people for, one photo a person. */
  readonly identification: readonly IdentificationResult[];
  /** At the cosine that `far` of all pairs of two people pass. */
  readonly groups: readonly GroupResult[];
  readonly far: string | undefined;
}

interface SummaryOptions {
  readonly groupsOf?: ReadonlyMap<string, readonly string[]>;
  readonly onProgress?: (done: number, of: number) => void;
}

const galleries = [50, 100, 200, 500, 1000, 2000, 5000];
/** Runs that the median is of. */
const timedRuns = 15;

/** Each photo is looked at once. */
export async function summariseEmbedder(
  pipeline: FacePipeline,
  people: readonly Picture[],
  { groupsOf = new Map(), onProgress }: SummaryOptions = {},
): Promise<EmbedderSummary> {
  const cache = memoryCache();
  const options = { cache, ...(onProgress && { onProgress }) };
  const [verification] = (await measureIdentities(pipeline, 'photos', people, undefined, options)) as [
    SetResult,
  ];
  const vectors = new Map<string, FaceVector[]>();
  for (const { file, person } of people) {
    const vector = await extractTemplate(pipeline, file, cache);
    if (vector) vectors.set(person, [...(vectors.get(person) ?? []), vector]);
  }
  const rates = Object.entries(verification.thresholds);
  const [far, at] = rates.find(([label]) => label === '1e-4') ?? rates.at(-1) ?? [];
  const faces = [...vectors].flatMap(([person, own]) =>
    own.map((vector) => ({ person, vector, groups: groupsOf.get(person) ?? [] })),
  );
  return {
    model: pipeline.embedder.id,
    ms_per_face: await timeEmbedding(pipeline, people),
    verification,
    identification: measureIdentification(vectors, { galleries, photos: [1] }),
    groups: at === undefined ? [] : measureGroups(faces, at.cosine),
    far,
  };
}

async function timeEmbedding(
  pipeline: FacePipeline,
  people: readonly Picture[],
): Promise<number | undefined> {
  for (const { file } of people) {
    const frame = await readPicture(await readFile(file));
    const face = frame && (await findPerson(pipeline, frame));
    if (face === undefined) continue;
    const times: number[] = [];
    for (let run = 0; run < timedRuns; run += 1) {
      const begun = performance.now();
      await face.vector();
      times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b)[Math.floor(timedRuns / 2)];
  }
  return undefined;
}

/** Keeps what was computed for as long as the process runs. */
function memoryCache(): VectorCache {
  const kept = new Map<string, Promise<Float32Array | undefined>>();
  return {
    get(key, compute) {
      const hash = createHash('sha256');
      for (const part of key) hash.update(part).update('\0');
      const name = hash.digest('hex');
      const found = kept.get(name) ?? compute();
      kept.set(name, found);
      return found;
    },
  };
}
