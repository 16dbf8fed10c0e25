import { calibrationAnchors } from '../calibration/similarity.ts';
import { embeddingsOf } from '../embedding/embeddings.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { type Calibration, calibrationOf } from './calibration.ts';
import { extractTemplate } from './extract-template.ts';
import type { Pair, Picture } from './identities.ts';
import { bestAccuracy, type Curve, cosineAtFar, curveOf, rates, shareAbove } from './roc.ts';
import { score as cosineOf, type FaceVector } from './templates.ts';
import { noCache, type VectorCache } from './vector-cache.ts';

export interface SetResult {
  readonly name: string;
  readonly genuine: number;
  readonly impostor: number;
  readonly auc: number;
  /** By false acceptance rate; only rates that the number of impostor pairs can show. */
  readonly tar: Readonly<Record<string, number>>;
  readonly accuracy: number;
  /** The cosine at each of the rates, and the similarity by the embedder's present calibration, where it has one. */
  readonly thresholds: Readonly<Record<string, { readonly cosine: number; readonly similarity?: number }>>;
  /** What these pairs would calibrate the embedder to; undefined where they are too few. */
  readonly calibration?: Calibration;
  readonly pictures: number;
  /** Pictures in which no face was found, or that the contract refuses. */
  readonly not_found: number;
  readonly missing: readonly string[];
  readonly curve: Curve;
}

export interface IdentitiesOptions {
  /** Told after each picture. */
  readonly onProgress?: (done: number, of: number) => void;
  /** The group that a person is of; each group is also measured by itself. */
  readonly groupOf?: (person: string) => string | undefined;
  readonly cache?: VectorCache;
}

/** All pictures against all (the first of a pair enrolled, the second a probe), and the listed pairs. */
export async function measureIdentities(
  pipeline: FacePipeline,
  name: string,
  people: readonly Picture[] | undefined,
  pairs: readonly Pair[] | undefined,
  { onProgress, groupOf, cache = noCache }: IdentitiesOptions = {},
): Promise<SetResult[]> {
  const files = new Set([
    ...(people ?? []).map(({ file }) => file),
    ...(pairs ?? []).flatMap(({ a, b }) => [a, b]),
  ]);
  const described = new Map<string, FaceVector>();
  const missing: string[] = [];
  for (const file of files) {
    const found = await extractTemplate(pipeline, file, cache);
    if (found === undefined) missing.push(file.split('/').slice(-2).join('/'));
    else described.set(file, found);
    onProgress?.(described.size + missing.length, files.size);
  }
  const found = { pictures: files.size, not_found: missing.length, missing };
  const results: SetResult[] = [];
  if (people !== undefined) {
    results.push({
      ...resultOf(pipeline, `${name}, all against all`, allAgainstAll(people, described)),
      ...found,
    });
  }
  if (pairs !== undefined) {
    results.push({ ...resultOf(pipeline, `${name}, pairs`, listed(pairs, described)), ...found });
  }
  for (const [group, members] of groupsOf(people ?? [], groupOf)) {
    results.push({ ...resultOf(pipeline, `${name}, ${group}`, allAgainstAll(members, described)), ...found });
  }
  return results;
}

function groupsOf(people: readonly Picture[], groupOf: IdentitiesOptions['groupOf']): Map<string, Picture[]> {
  const groups = new Map<string, Picture[]>();
  for (const picture of people) {
    const group = groupOf?.(picture.person);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), picture]);
  }
  return groups;
}

function resultOf(pipeline: FacePipeline, name: string, { genuine, impostor }: Scores) {
  const isCalibrated = calibrationAnchors(pipeline.embedder) !== undefined;
  const similarity = isCalibrated ? embeddingsOf(pipeline.embedder)[0].similarity : undefined;
  const curve = curveOf(genuine, impostor);
  const at = rates
    .filter(({ far }) => impostor.length * far >= 1)
    .map(({ label, far }) => ({ label, cosine: cosineAtFar(impostor, far) }));
  const calibration = calibrationOf(impostor);
  return {
    name,
    genuine: genuine.length,
    impostor: impostor.length,
    auc: curve.auc,
    tar: Object.fromEntries(at.map(({ label, cosine }) => [label, shareAbove(genuine, cosine)])),
    accuracy: bestAccuracy(genuine, impostor),
    thresholds: Object.fromEntries(
      at.map(({ label, cosine }) => [
        label,
        { cosine, ...(similarity && { similarity: similarity(cosine) }) },
      ]),
    ),
    ...(calibration && { calibration }),
    curve,
  };
}

interface Scores {
  readonly genuine: Float32Array;
  readonly impostor: Float32Array;
}

function allAgainstAll(people: readonly Picture[], described: ReadonlyMap<string, FaceVector>): Scores {
  const there = people.filter(({ file }) => described.has(file));
  const genuine: number[] = [];
  const impostor: number[] = [];
  for (const [i, first] of there.entries()) {
    const { enrolled } = described.get(first.file) as FaceVector;
    for (const second of there.slice(i + 1)) {
      const score = cosineOf(enrolled, described.get(second.file) as FaceVector);
      (first.person === second.person ? genuine : impostor).push(score);
    }
  }
  return { genuine: Float32Array.from(genuine), impostor: Float32Array.from(impostor) };
}

function listed(pairs: readonly Pair[], described: ReadonlyMap<string, FaceVector>): Scores {
  const scores = (same: boolean) =>
    Float32Array.from(
      pairs.flatMap((pair) => {
        const a = described.get(pair.a);
        const b = described.get(pair.b);
        return pair.same === same && a && b ? [cosineOf(a.enrolled, b)] : [];
      }),
    );
  return { genuine: scores(true), impostor: scores(false) };
}
