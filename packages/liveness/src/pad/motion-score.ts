import type { Action } from '@openfrs/core';
import type { ActionCues, MotionCues } from './motion-cues.ts';
import fitted from './motion-score.json' with { type: 'json' };

/** How like a picture's a face's motion is: log-odds above the limit, over 0 refused. */
export interface MotionScore {
  readonly score: number;
  readonly cues: MotionCues;
}

/** What the score is a weighted sum of, logarithms of the cues; the first two need a rest. */
export const motionFeatures = ['restGrey', 'restRelighting', 'grey', 'detail'] as const;
type MotionFeature = (typeof motionFeatures)[number];

/** A weighted sum less its limit. */
interface LinearScore {
  readonly bias: number;
  readonly weights: Readonly<Partial<Record<MotionFeature, number>>>;
}

export type MotionKind = 'head' | 'mouth';
/** Fitted by `npm run bench liveness -- --fit` on some people and told of others: motion-score.json says how well. */
const scores: Readonly<Record<MotionKind, { readonly rested: LinearScore; readonly restless: LinearScore }>> =
  fitted.scores;

/** Smaller residuals are no better: an exact copy leaves none. */
const least = 1e-4;
const log = (value: number) => Math.log(Math.max(least, value));

/**
 * Eyes that change less are a photo's: `limit` is the logarithm of motion-cues' `eyes`, .5 below the least of 35 mouth clips of 8
 * people (−4.89). So far below the others' least it refuses none of who is left out; it tells 20 of 25 masks and photos before a mouth.
 */
const stillEyes = { limit: -5.4, weight: 2 } as const;

/**
 * Two photos that fade into each other or are exchanged (motion-cues' `crossFade` and `exchange`). Of 378 recordings of actions of 9 people
 * the least crossFade is .23 and the most exchange of a head 2; of 26 fades 24 have .002 to .09, three swapped heads 186 to 2,007.
 */
const twoPhotos = { crossFade: Math.log(0.1), exchange: Math.log(20), weight: 2 } as const;

/** Of one action of a clip; what a clip without rest doesn't have is 0. */
export function featureOf(name: MotionFeature, { rest }: MotionCues, action: ActionCues): number {
  if (name === 'grey' || name === 'detail') return log(action[name]);
  if (rest === undefined) return 0;
  return log(name === 'restGrey' ? rest.grey : rest.relighting);
}

/** What an action moves; undefined for a blink (5), which moves too little to be measured. */
export function kindOf(action: Action): MotionKind | undefined {
  return ({ 1: 'head', 2: 'head', 3: 'head', 4: 'mouth', 5: undefined } as const)[action];
}

/** The mean over the actions, or what still eyes say; undefined where nothing could be measured, which refuses nobody. */
export function scoreMotion(cues: MotionCues): MotionScore | undefined {
  const all = cues.actions.flatMap((action) => {
    const kind = kindOf(action.action);
    if (kind === undefined) return [];
    const linear = scores[kind][cues.rest !== undefined ? 'rested' : 'restless'];
    return [weigh(linear, (name) => featureOf(name, cues, action))];
  });
  if (all.length === 0) return undefined;
  const score = all.reduce((sum, one) => sum + one, 0) / all.length;
  return { score: Math.max(score, stillness(cues), ...cues.actions.map(photosInTurn)), cues };
}

/** Over 0 where the eyes are a photo's; they are measured only where a mouth opens. */
const stillness = ({ eyes }: MotionCues) =>
  eyes === undefined ? Number.NEGATIVE_INFINITY : stillEyes.weight * (stillEyes.limit - log(eyes));

/** Over 0 where an action is made of two photos. */
const photosInTurn = ({ crossFade, exchange }: ActionCues) =>
  twoPhotos.weight * Math.max(twoPhotos.crossFade - log(crossFade), log(exchange) - twoPhotos.exchange);

function weigh({ bias, weights }: LinearScore, feature: (name: MotionFeature) => number): number {
  return motionFeatures.reduce((sum, name) => {
    const weight = weights[name];
    return weight === undefined ? sum : sum + weight * feature(name);
  }, bias);
}
