import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { FrsError } from '@openfrs/contract';
import { decodePicture, type FaceBox, type FaceEngine, type Frame, similarityCurve } from '@openfrs/vision';
import type Sharp from 'sharp';
import type { Pair, Picture } from './identities.ts';
import { bestAccuracy, type Curve, cosineAtFar, curveOf, rates } from './roc.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

export interface SetResult {
  readonly name: string;
  readonly genuine: number;
  readonly impostor: number;
  readonly auc: number;
  /** By false acceptance rate; only rates that the number of impostor pairs can show. */
  readonly tar: Readonly<Record<string, number>>;
  readonly accuracy: number;
  /** The cosine and the similarity at each of the rates. */
  readonly thresholds: Readonly<Record<string, { readonly cosine: number; readonly similarity: number }>>;
  readonly pictures: number;
  /** Pictures in which no face was found, or that the contract refuses. */
  readonly not_found: number;
  readonly missing: readonly string[];
  readonly curve: Curve;
}

interface Described {
  readonly enrolled: Float32Array;
  readonly probe: Float32Array;
}

/** All pictures against all (the first of a pair enrolled, the second a probe), and the listed pairs. */
export async function measureIdentities(
  engine: FaceEngine,
  name: string,
  people: readonly Picture[] | undefined,
  pairs: readonly Pair[] | undefined,
): Promise<SetResult[]> {
  const files = new Set([
    ...(people ?? []).map(({ file }) => file),
    ...(pairs ?? []).flatMap(({ a, b }) => [a, b]),
  ]);
  const described = new Map<string, Described>();
  const missing: string[] = [];
  for (const file of files) {
    const found = await describe(engine, file);
    if (found === undefined) missing.push(file.split('/').slice(-2).join('/'));
    else described.set(file, found);
  }
  const result = (title: string, scores: Scores): SetResult => {
    const similarity = similarityCurve(engine.embedder.embedder?.cosineAtFar1e4 ?? 1).similarity;
    const shown = rates.filter(({ far }) => scores.impostor.length * far >= 1);
    const at = shown.map(({ label, far }) => ({
      label,
      ...cosineAtFar(scores.genuine, scores.impostor, far),
    }));
    return {
      name: title,
      genuine: scores.genuine.length,
      impostor: scores.impostor.length,
      auc: curveOf(scores.genuine, scores.impostor).auc,
      tar: Object.fromEntries(at.map(({ label, tar }) => [label, tar])),
      accuracy: bestAccuracy(scores.genuine, scores.impostor),
      thresholds: Object.fromEntries(
        at.map(({ label, cosine }) => [label, { cosine, similarity: similarity(cosine) }]),
      ),
      pictures: files.size,
      not_found: missing.length,
      missing,
      curve: curveOf(scores.genuine, scores.impostor),
    };
  };
  const results: SetResult[] = [];
  if (people !== undefined)
    results.push(result(`${name}, all against all`, allAgainstAll(people, described)));
  if (pairs !== undefined) results.push(result(`${name}, pairs`, listed(pairs, described)));
  return results;
}

/** The person a labelled picture is of: large and in the middle (area minus twice the squared distance). */
async function describe(engine: FaceEngine, file: string): Promise<Described | undefined> {
  const frame = await readPicture(file);
  if (frame === undefined) return undefined;
  const boxes = await engine.detectFaces(frame);
  if (boxes.length === 0) return undefined;
  const weight = (box: FaceBox) =>
    box.width * box.height -
    2 * ((box.x + box.width / 2 - frame.width / 2) ** 2 + (box.y + box.height / 2 - frame.height / 2) ** 2);
  const meshes = [
    await engine.faceMesh(frame, boxes.toSorted((a, b) => weight(b) - weight(a))[0] as FaceBox),
  ];
  const [enrolled] = await engine.embed(frame, meshes, true);
  const [probe] = await engine.embed(frame, meshes, false);
  return { enrolled: enrolled as Float32Array, probe: probe as Float32Array };
}

/** Pictures smaller than the contract allows (ORL's) are enlarged; undefined where one can't be read. */
async function readPicture(file: string): Promise<Frame | undefined> {
  const bytes = await readFile(file);
  try {
    return await decodePicture(bytes);
  } catch (error) {
    if (!(error instanceof FrsError) || error.code !== 'FRS.0013') return undefined;
    return decodePicture(
      await sharp(bytes).resize({ width: 160, height: 160, fit: 'outside' }).png().toBuffer(),
    );
  }
}

interface Scores {
  readonly genuine: Float32Array;
  readonly impostor: Float32Array;
}

function allAgainstAll(people: readonly Picture[], described: ReadonlyMap<string, Described>): Scores {
  const there = people.filter(({ file }) => described.has(file));
  const genuine: number[] = [];
  const impostor: number[] = [];
  for (const [i, first] of there.entries()) {
    const { enrolled } = described.get(first.file) as Described;
    for (const second of there.slice(i + 1)) {
      const score = cosine(enrolled, (described.get(second.file) as Described).probe);
      (first.person === second.person ? genuine : impostor).push(score);
    }
  }
  return { genuine: Float32Array.from(genuine), impostor: Float32Array.from(impostor) };
}

function listed(pairs: readonly Pair[], described: ReadonlyMap<string, Described>): Scores {
  const scores = (same: boolean) =>
    Float32Array.from(
      pairs.flatMap((pair) => {
        const a = described.get(pair.a);
        const b = described.get(pair.b);
        return pair.same === same && a && b ? [cosine(a.enrolled, b.probe)] : [];
      }),
    );
  return { genuine: scores(true), impostor: scores(false) };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
