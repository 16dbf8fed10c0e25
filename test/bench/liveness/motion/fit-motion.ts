import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MotionKind, motionFeatures } from '@openfrs/liveness/testing';
import type { VideoDecoder } from '@openfrs/video';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import { createCache } from '../species/presentation-cache.ts';
import { spontaneous } from '../species/presentations.ts';
import type { Segment } from '../species/segments.ts';
import { shareOf } from '../species/share-of.ts';
import { allPresentations, followed, type SpeciesOptions } from '../species/tracked.ts';
import { type Case, fitLogistic, type Linear, oddsOf } from './logistic.ts';
import { type Sample, samplesOf } from './samples.ts';

/** Which way each feature may count: a picture changes less, at rest and by an action. */
const signs = motionFeatures.map(() => -1);
/** Of a screen's replay and a model's animation motion can't tell: these are judged, but nothing is fitted to them. */
const alive = /^(replay|animated)/;
/** The first features need a rest. */
const ofRest = 2;
const penalty = 0.02;
/**
 * By how much a limit is above the highest score of the people it is chosen on: a stiller one will come, and near the limit a
 * cut that begins or ends three frames elsewhere, or a first box 1.5 pixels off, moves a score up by as much as .3.
 */
const margin = 0.45;

interface Scored {
  readonly sample: Sample;
  readonly score: number;
}

/** Of every presentation that is asked for; what is printed is what belongs into motion-score.json. */
export async function fitMotion(pipeline: FacePipeline, decoder: VideoDecoder, options: SpeciesOptions) {
  const cache = createCache(options.cache);
  const kind = `samples-${codeHash()}`;
  const samples: Sample[] = [];
  const everything = (own: FacePipeline, extra: readonly Segment[]) => [
    ...spontaneous(extra),
    ...allPresentations(own, extra),
  ];
  for (const { presentation, track } of followed(pipeline, decoder, options, everything))
    samples.push(
      ...(await cache.value(kind, presentation.id, async () => {
        const { observations, durationMs } = await track();
        return samplesOf(presentation, observations, durationMs);
      })),
    );
  return fitted(samples);
}

/** Of the code that samples depend on: kept ones are used while it is the same. */
function codeHash(): string {
  const folder = fileURLToPath(new URL('../../../../packages/liveness/src', import.meta.url));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const hash = createHash('sha256');
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}

/** Fits one score a kind of action, with rest and without, and says what it does to people and attackers left out. */
function fitted(samples: readonly Sample[]) {
  const kinds: readonly MotionKind[] = ['head', 'mouth'];
  const heldOut: Scored[] = [];
  const scores = Object.fromEntries(
    kinds.map((kind) => {
      const linear = (rested: boolean) => {
        // What rest tells is left out where there is none; all clips have the rest.
        const all = samples.filter((sample) => sample.kind === kind && (!rested || sample.rested));
        const used = (row: readonly number[]) => (rested ? row : row.slice(ofRest));
        const scored = leaveOneOut(all, used, rested);
        const limit = limitOf(scored);
        heldOut.push(
          ...scored
            .filter(({ sample }) => sample.rested === rested)
            .map(({ sample, score }) => {
              // Whoever is judged had no part in the limit either.
              const others = scored.filter((one) => one.sample.person !== sample.person);
              return { sample, score: score - limitOf(others) };
            }),
        );
        const final = linearOf(all, used, rested);
        return { bias: round(final.bias - limit), weights: named(final, rested) };
      };
      return [kind, { rested: linear(true), restless: linear(false) }];
    }),
  );
  return { scores, ...told(heldOut) };
}

const names = (rested: boolean) => (rested ? motionFeatures : motionFeatures.slice(ofRest));

function linearOf(
  samples: readonly Sample[],
  used: (row: readonly number[]) => readonly number[],
  rested: boolean,
): Linear {
  return fitLogistic(
    weighted(
      samples.filter(({ group }) => !alive.test(group)),
      used,
    ),
    rested ? signs : signs.slice(ofRest),
    penalty,
  );
}

/** People count alike, species count alike, people and attacks as much as each other. */
function weighted(samples: readonly Sample[], used: (row: readonly number[]) => readonly number[]): Case[] {
  const keyOf = ({ attack, group, person }: Sample) => (attack ? group : person);
  const counts = new Map<string, number>();
  for (const sample of samples) counts.set(keyOf(sample), (counts.get(keyOf(sample)) ?? 0) + 1);
  // The root: one clip of a person is worth less than many, but not in proportion.
  const raw = samples.map((sample) => 1 / Math.sqrt(counts.get(keyOf(sample)) ?? 1));
  const sums = [false, true].map((attack) =>
    samples.reduce((sum, sample, i) => sum + (sample.attack === attack ? (raw[i] ?? 0) : 0), 0),
  );
  return samples.map(({ features, attack }, i) => ({
    features: used(features),
    attack,
    weight: (raw[i] ?? 0) / (sums[attack ? 1 : 0] || 1),
  }));
}

function leaveOneOut(
  samples: readonly Sample[],
  used: (row: readonly number[]) => readonly number[],
  rested: boolean,
): Scored[] {
  return [...new Set(samples.map(({ person }) => person))].flatMap((person) => {
    const others = samples.filter((sample) => sample.person !== person);
    const linear = linearOf(others, used, rested);
    return samples
      .filter((sample) => sample.person === person)
      .map((sample) => ({ sample, score: oddsOf(linear, used(sample.features)) }));
  });
}

/** Above the highest score of people who were left out. */
function limitOf(scored: readonly Scored[]): number {
  const people = scored.flatMap(({ sample, score }) => (sample.attack ? [] : [score]));
  return people.length === 0 ? 0 : Math.max(...people) + margin;
}

function told(heldOut: readonly Scored[]) {
  const people = heldOut.filter(({ sample }) => !sample.attack);
  const share = (some: readonly Scored[], hits: (one: Scored) => boolean) =>
    shareOf(some.filter(hits).length, some.length);
  const groups = [...new Set(heldOut.map(({ sample }) => `${sample.group}, ${sample.kind}`))].sort();
  const inGroup = (group: string) =>
    heldOut.filter(({ sample }) => `${sample.group}, ${sample.kind}` === group);
  return {
    people: [...new Set(people.map(({ sample }) => sample.person))].length,
    bpcer: share(people, ({ score }) => score > 0),
    bpcerByPerson: Object.fromEntries(
      [...new Set(people.map(({ sample }) => sample.person))].map((person) => [
        person,
        share(
          people.filter(({ sample }) => sample.person === person),
          ({ score }) => score > 0,
        ),
      ]),
    ),
    apcer: Object.fromEntries(
      groups
        .filter((group) => inGroup(group).some(({ sample }) => sample.attack))
        .map((group) => [group, share(inGroup(group), ({ sample, score }) => sample.passes && score <= 0)]),
    ),
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
const named = ({ weights }: Linear, rested: boolean) =>
  Object.fromEntries(
    names(rested)
      .map((name, k) => [name, round(weights[k] ?? 0)] as const)
      .filter(([, weight]) => weight !== 0),
  );
