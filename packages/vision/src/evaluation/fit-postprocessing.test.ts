import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formOf } from '../embedding/embedding-form.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { fittedDegradations, seededRandom } from './degradations.ts';
import { fitPostprocessing } from './fit-postprocessing.ts';
import type { Picture } from './identities.ts';
import { isHeldOut } from './person-split.ts';
import { faceVectorOf, score } from './templates.ts';
import type { VectorCache } from './vector-cache.ts';

const dimension = 24;
const groups = ['north', 'south', 'west'] as const;
/** As many people as make 10,000 pairs of strangers, each group with ten of the fitting half. */
const people = 150;

let dir: string;
const pictures: Picture[] = [];
const groupsOf = new Map<string, readonly string[]>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-fit-'));
  for (let index = 0; index < people; index += 1) {
    const person = `person ${index}`;
    const file = join(dir, `${index}.jpg`);
    await writeFile(file, person);
    pictures.push({ file, person });
    groupsOf.set(person, [groups[index % 3] as string]);
  }
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A network whose dimensions 0 to 2 are the groups, 3 and on the kinds of poor photos, the rest the person. */
function networkVector(person: string, degradation: string): Float32Array {
  const random = seededRandom(person);
  const vector = Float32Array.from({ length: dimension }, (_, i) => (i < 12 ? 0 : random() - 0.5));
  const group = groups.indexOf(groupsOf.get(person)?.[0] as (typeof groups)[number]);
  vector[group] = 0.6;
  const kind = fittedDegradations.indexOf(degradation as (typeof fittedDegradations)[number]);
  if (kind >= 0) {
    for (let i = 12; i < dimension; i += 1) vector[i] = 0.3 * (vector[i] as number);
    vector[3 + kind] = 1.5;
  }
  return vector.map((value) => value / Math.hypot(...vector));
}

const asked: string[] = [];
const cache: VectorCache = {
  get([bytes, degradation], _compute) {
    const person = Buffer.from(bytes as Uint8Array).toString();
    asked.push(`${person} ${degradation}`);
    return Promise.resolve(networkVector(person, degradation as string));
  },
};
/** The cache answers in its place. */
const pipeline = {} as FacePipeline;

it('makes an entry by which poor photos of strangers have little in common, and one in 10,000 of others the stated cosine', async () => {
  const { postprocessing, ...counts } = await fitPostprocessing(pipeline, pictures, { groupsOf, cache });
  const own = pictures.filter(({ person }) => !isHeldOut(person));
  expect(counts).toEqual({ people: own.length, degraded: own.length, groups: [...groups] });
  expect(postprocessing.fitted).toContain(`${own.length} photos of ${own.length} people`);
  expect(postprocessing.removed).toHaveLength(2);
  expect(postprocessing.unrecognisable).toHaveLength(fittedDegradations.length);

  const form = formOf(dimension, postprocessing);
  const held = pictures.filter(({ person }) => isHeldOut(person)).map(({ person }) => person);
  const inCommon = (degradation: string) => {
    const [a, b] = held.map((person) => faceVectorOf(form, networkVector(person, degradation)));
    if (a === undefined || b === undefined) throw new Error('nobody');
    return { plain: plainCosine(degradation), left: score(a.enrolled, b) };
  };
  const plainCosine = (degradation: string) => {
    const [a, b] = held.map((person) => networkVector(person, degradation));
    return (a as Float32Array).reduce((sum, value, i) => sum + value * ((b as Float32Array)[i] as number), 0);
  };
  for (const name of fittedDegradations) {
    const { plain, left } = inCommon(name);
    expect(plain).toBeGreaterThan(0.8);
    expect(left).toBeLessThan(0.1);
  }

  const faces = pictures.map(({ person }) => faceVectorOf(form, networkVector(person, '')));
  const scores = faces.flatMap(({ enrolled }, i) =>
    faces.slice(i + 1).map((other) => score(enrolled, other)),
  );
  const share = (cosine: number) => scores.filter((value) => value >= cosine).length / scores.length;
  const hundredth = postprocessing.calibration.find(({ far }) => far === 1e-2);
  expect(share(hundredth?.cosine ?? 0)).toBeCloseTo(1e-2, 3);
  expect(postprocessing.cosineAtFar1e4).toBeGreaterThan(hundredth?.cosine ?? 1);
});

it('makes no photo of a held-out person poor', async () => {
  asked.length = 0;
  await fitPostprocessing(pipeline, pictures, { groupsOf, cache });
  const poor = new Set(asked.filter((line) => fittedDegradations.some((name) => line.endsWith(name))));
  expect(poor.size).toBeGreaterThan(400);
  for (const { person } of pictures) {
    if (isHeldOut(person)) expect(poor).not.toContain(`${person} ${fittedDegradations[0]}`);
  }
});

it('refuses to calibrate on too few people', async () => {
  const some = pictures.filter(({ person }) => !isHeldOut(person)).slice(0, 60);
  await expect(fitPostprocessing(pipeline, some, { groupsOf, cache })).rejects.toThrow(/10000 pairs/);
});
