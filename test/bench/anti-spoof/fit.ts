import { fusedScore } from '@openfrs/liveness/testing';
import { wilson } from '@openfrs/vision/evaluation';
import type { Sample } from './samples.ts';

/** A photo of a person. */
export interface PersonSample extends Sample {
  readonly groups: readonly string[];
}

export interface Data {
  /** Of the people who are fitted on, and of the others, who are reported on. */
  readonly fitted: readonly PersonSample[];
  readonly heldOut: readonly PersonSample[];
  /** Frames of bona fide videos. */
  readonly bonaFide: readonly Sample[];
  /** Photos and frames of attacks, by PAI species. */
  readonly attacks: ReadonlyMap<string, readonly Sample[]>;
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

const bpcers = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1] as const;
/** Groups of fewer photos tell nothing. */
const leastPhotos = 30;

const average = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** A combination of models, fitted on some people and reported on others: for the manifest's `standardisation` and `fusions`. */
export function measureFusion(models: readonly string[], { fitted, heldOut, bonaFide, attacks }: Data) {
  const scales = models.map((model) => scaleOf(fitted.map(({ logits }) => logits[model] ?? 0)));
  const score = ({ logits }: Sample) =>
    fusedScore(
      models.map((model) => logits[model] ?? 0),
      scales,
    );
  const scores = fitted.map(score).sort((a, b) => a - b);
  const points = bpcers.map((bpcer) => ({
    bpcer,
    score: rounded(scores[Math.floor(bpcer * scores.length)] ?? 0),
  }));
  return {
    models,
    standardisation: Object.fromEntries(models.map((model, i) => [model, scales[i]])),
    points,
    curve: curveOf(heldOut.map(score), [...attacks.values()][0]?.map(score) ?? []),
    det: points.map((point) => ({
      ...point,
      bpcer_held_out: below(heldOut.map(score), point.score),
      bpcer_worst_group: worstGroup(heldOut, score, point.score),
      bpcer_videos: below(videoScores(bonaFide, score), point.score),
      ...Object.fromEntries(
        [...attacks].flatMap(([species, samples]) => [
          [`apcer ${species}, frames`, notBelow(samples.map(score), point.score)],
          [`apcer ${species}, items`, notBelow(videoScores(samples, score), point.score)],
        ]),
      ),
    })),
  };
}

/** At every bona fide score as the threshold: the shares of both kinds that are judged wrongly. */
function curveOf(bonaFide: readonly number[], attacks: readonly number[]): (readonly [number, number])[] {
  return bonaFide
    .toSorted((a, b) => a - b)
    .map((threshold, below) => [
      below / bonaFide.length,
      attacks.filter((score) => score >= threshold).length / Math.max(1, attacks.length),
    ]);
}

function scaleOf(logits: readonly number[]): Scale {
  const mean = average(logits);
  return {
    mean: rounded(mean),
    deviation: rounded(Math.sqrt(average(logits.map((logit) => (logit - mean) ** 2)))),
  };
}

/** A video's score is the weighted mean over its frames. */
function videoScores(samples: readonly Sample[], score: (sample: Sample) => number): number[] {
  const byFile = new Map<string, Sample[]>();
  for (const sample of samples) byFile.set(sample.file, [...(byFile.get(sample.file) ?? []), sample]);
  return [...byFile.values()].map((frames) => {
    const total = frames.reduce((sum, { weight }) => sum + weight, 0);
    return frames.reduce((sum, frame) => sum + frame.weight * score(frame), 0) / total;
  });
}

function worstGroup(
  people: readonly PersonSample[],
  score: (sample: Sample) => number,
  threshold: number,
): string {
  const names = [...new Set(people.flatMap(({ groups }) => groups))];
  const rows = names.flatMap((name) => {
    const own = people.filter(({ groups }) => groups.includes(name)).map(score);
    return own.length < leastPhotos ? [] : [{ name, share: below(own, threshold) }];
  });
  const worst = rows.sort((a, b) => Number.parseFloat(b.share) - Number.parseFloat(a.share))[0];
  return worst === undefined ? 'no group is large enough' : `${worst.share} ${worst.name}`;
}

const below = (scores: readonly number[], threshold: number) =>
  shareText(scores.filter((score) => score < threshold).length, scores.length);
const notBelow = (scores: readonly number[], threshold: number) =>
  shareText(scores.filter((score) => score >= threshold).length, scores.length);

/** In percent, with Wilson's interval: `2.3 (1.1–4.6) of 300`. */
function shareText(hits: number, cases: number): string {
  const { share, low, high } = wilson(hits, cases);
  const percent = (value: number) => (100 * value).toFixed(1);
  return `${percent(share)} (${percent(low)}–${percent(high)}) of ${cases}`;
}

const rounded = (value: number) => Math.round(1e4 * value) / 1e4;
