import type { Action } from '@openfrs/core';
import type { ActionEvent } from '../actions/detect-actions.ts';
import { restMouth } from '../actions/rest.ts';
import { isReliable, quantile, timeSeriesOf } from '../actions/time-series.ts';
import type { FaceView } from '../tracking/face-view.ts';
import type { FrameObservation } from '../tracking/observation.ts';
import type { FaceSignals } from '../tracking/signals.ts';
import { type DenseRegistration, registerDensely } from './dense-registration.ts';
import { measureEyeChange } from './eye-change.ts';
import { actionFrames, crossFadeOf, exchangeOf } from './photo-exchange.ts';
import {
  detailDifference,
  greyMismatch,
  type RegistrationResidual,
  relighting,
  residualOf,
} from './registration-residual.ts';

/** How much a face changes beyond all movement of a picture: at rest, and by each action. */
export interface MotionCues {
  /** Between frames at rest, far apart in time; left out where fewer than two pairs were found. */
  readonly rest?: RegistrationResidual;
  readonly restPairs: number;
  /** How much the eyes change (eye-change.ts); only where a mouth opens, and left out where too little was seen. */
  readonly eyes?: number;
  readonly actions: readonly ActionCues[];
}

/** The least that any of the frames at rest, in either direction, leaves of the frame in which an action went farthest. */
export interface ActionCues extends RegistrationResidual {
  readonly action: Action;
  /** As registration-residual.ts has it. */
  readonly detail: number;
  /** How far it went from rest: degrees, for mouths and lids parts of the face's height (signals.ts). */
  readonly way: number;
  /** How far from a sum of two photos the frames on the way are, and how abruptly a head went (photo-exchange.ts); 1 where nothing was seen, of lips the second. */
  readonly crossFade: number;
  readonly exchange: number;
}

const limits = {
  /** Parts of an action's way within which a frame is at rest: for pairs of them, and to compare the action with. */
  resting: 0.22,
  nearlyResting: 0.35,
  /** Frames outside all movements that make a rest. */
  leastResting: 3,
  /** So much is rest, however short the way: degrees, and of lips and lids. */
  leastDegrees: 2,
  leastGap: 0.015,
  /** Pairs at rest that are compared at most, below how many nothing is said, and how far apart they are, in ms. */
  pairs: 5,
  leastPairs: 2,
  apartMs: 450,
  /** Frames at rest that an action is compared with. */
  compared: 2,
  /** A head that is turned farther (degrees) hides half a face; lips open wider leave little to compare. */
  farthestDegrees: 20,
  farthestGap: 0.3,
} as const;

interface SeenFrame extends FrameObservation {
  readonly view: FaceView;
  readonly signals: FaceSignals;
}

interface Movement {
  readonly event: ActionEvent;
  /** Where it went farthest, as far as that can be compared. */
  readonly peak: SeenFrame;
  /** How far a frame is from rest. */
  away(frame: SeenFrame): number;
  /** Does a frame count as at rest, by a part of the way? */
  isNear(frame: SeenFrame, share: number): boolean;
  readonly way: number;
}

/**
 * Measures what movements leave (registration-residual.ts). Of a photo that is warped by landmarks, or rests until it
 * is exchanged, they leave the coder's noise.
 */
export function measureMotionCues(
  observations: readonly FrameObservation[],
  events: readonly ActionEvent[],
): MotionCues {
  const seen = observations.flatMap((frame): SeenFrame[] => {
    const { view, signals } = frame.face ?? {};
    return isReliable(frame) && view !== undefined && signals !== undefined
      ? [{ ...frame, view, signals }]
      : [];
  });
  const movements = events.flatMap((event) => movementOf(seen, event, events) ?? []);
  const near = (share: number) => seen.filter((frame) => movements.every((one) => one.isNear(frame, share)));
  // Of a movement that fills the clip, frames on its way are near its own middle: that is no rest.
  const resting = outside(seen, events).length < limits.leastResting ? [] : near(limits.resting);
  const rest = pairsAcross(resting).map(([a, b]) => residualOf(registerDensely(a.view, b.view, false)));
  const nearly = near(limits.nearlyResting);
  const eyes = events.some(({ action }) => action === 4) ? measureEyeChange(observations) : undefined;
  return {
    ...(rest.length < limits.leastPairs ? {} : { rest: middleOf(rest) }),
    restPairs: rest.length,
    ...(eyes === undefined ? {} : { eyes }),
    actions: movements.flatMap((movement) => actionCues(seen, nearly, movement) ?? []),
  };
}

/** Frames in which nothing is done. */
const outside = (seen: readonly SeenFrame[], events: readonly ActionEvent[]) =>
  seen.filter(({ timeMs }) => events.every(({ from, to }) => timeMs < from || timeMs > to));

function movementOf(
  seen: readonly SeenFrame[],
  event: ActionEvent,
  events: readonly ActionEvent[],
): Movement | undefined {
  const { action } = event;
  const signal = ({ 1: 'yaw', 2: 'yaw', 3: 'pitch', 4: 'mouth', 5: 'eyes' } as const)[action];
  const isGap = action > 3;
  const idle = outside(seen, events);
  const usual = quantile(
    (idle.length < limits.leastResting ? seen : idle).map(({ signals }) => signals[signal]),
    action === 4 ? 0.3 : 0.5,
  );
  const rest = action === 4 ? restMouth(usual, timeSeriesOf(seen, 'mouth')) : usual;
  const away = ({ signals }: SeenFrame) => Math.abs(signals[signal] - rest);
  const farthest = isGap ? limits.farthestGap : limits.farthestDegrees;
  const told = (frame: SeenFrame) => Math.min(away(frame), 2 * farthest - away(frame));
  const [peak] = seen
    .filter(({ timeMs }) => timeMs >= event.from && timeMs <= event.to)
    .sort((a, b) => told(b) - told(a));
  if (peak === undefined) return undefined;
  const way = away(peak);
  const least = isGap ? limits.leastGap : limits.leastDegrees;
  return { event, peak, way, away, isNear: (frame, share) => away(frame) < Math.max(share * way, least) };
}

/** Each from the earlier half of the frames with its like from the later one: across the actions, where those lie between. */
function pairsAcross(frames: readonly SeenFrame[]): [SeenFrame, SeenFrame][] {
  const half = frames.length >> 1;
  const count = Math.min(limits.pairs, half);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * half) / count)).flatMap(
    (at): [SeenFrame, SeenFrame][] => {
      const [a, b] = [frames[at], frames[at + half]];
      return a === undefined || b === undefined || b.timeMs - a.timeMs < limits.apartMs ? [] : [[a, b]];
    },
  );
}

/** Registers only once a cue is read: no score reads all of them, and of mouths none. */
function actionCues(
  seen: readonly SeenFrame[],
  resting: readonly SeenFrame[],
  movement: Movement,
): ActionCues | undefined {
  const { event, peak, way, away } = movement;
  const withoutMouth = event.action === 4;
  const compared = resting
    .filter((frame) => frame !== peak)
    .sort((a, b) => Math.abs(a.timeMs - peak.timeMs) - Math.abs(b.timeMs - peak.timeMs))
    .slice(0, limits.compared);
  if (compared.length === 0) return undefined;
  const registered = once(() =>
    compared.flatMap(({ view }) => [
      registerDensely(view, peak.view, withoutMouth),
      registerDensely(peak.view, view, withoutMouth),
    ]),
  );
  const least = (of: (registration: DenseRegistration) => number) =>
    once(() => Math.min(...registered().map(of)));
  const frames = actionFrames(seen, event, away);
  const crossFade = once(() => (frames === undefined ? 1 : crossFadeOf(frames, away)));
  const exchange = once(() => (frames === undefined || withoutMouth ? 1 : exchangeOf(frames, away)));
  const [grey, light, detail] = [least(greyMismatch), least(relighting), least(detailDifference)];
  return {
    action: event.action,
    way,
    get grey() {
      return grey();
    },
    get relighting() {
      return light();
    },
    get detail() {
      return detail();
    },
    get crossFade() {
      return crossFade();
    },
    get exchange() {
      return exchange();
    },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Of an even count the mean of the middle two: the lower of two pairs is the one that is more like a picture's. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function middleOf(all: readonly RegistrationResidual[]): RegistrationResidual {
  const of = (measure: keyof RegistrationResidual) => median(all.map((residual) => residual[measure]));
  return { grey: of('grey'), relighting: of('relighting') };
}
