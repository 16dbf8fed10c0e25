import type { Action } from '@openfrs/core';
import type { FrameObservation } from '../tracking/observation.ts';
import type { FaceSignals } from '../tracking/signals.ts';
import { closedMouth, nearlyClosed, restYaw } from './rest.ts';
import {
  findPeaks,
  isReliable,
  isSeen,
  isSure,
  keptValue,
  medianFilter,
  type Peak,
  quantile,
  type TimeSeries,
  timeSeriesOf,
} from './time-series.ts';

/** Something that a face did. */
export interface ActionEvent {
  readonly action: Action;
  /** Milliseconds from the video's start. */
  readonly from: number;
  readonly to: number;
  readonly peak: number;
  /** How far it went, as a part of what the decision asks for: 1 is just enough. */
  readonly strength: number;
  /** [0, 1], 0.5 at the decision. */
  readonly confidence: number;
  /** How clearly a head, not a flat picture, moved: 1 at the decision; only where that was measured. */
  readonly depthScore?: number;
}

/** What a decision asks for. Chosen between the smallest asked-for movements and the largest of people talking. */
const thresholds = {
  /** Degrees of yaw from rest. */
  turn: 11.7,
  /** Of `mouth` from the closed mouth: talking and grinning stay below .098, opening on request starts at .11. */
  mouth: 0.1,
  /** Part of the open eye that a lid must cover. */
  blink: 0.3,
} as const;

/** Logistic in the logarithm of the strength: half as much as asked for is .06, twice as much .94. */
export function confidenceOf(strength: number): number {
  return strength <= 0 ? 0 : 1 / (1 + strength ** -4);
}

/** Every movement in the video that may be an action, the weak ones too, in the order of their peaks. */
export function detectActions(
  observations: readonly FrameObservation[],
  nodThreshold: number,
): ActionEvent[] {
  const turned = anglesOf(observations, isReliable);
  const sure = anglesOf(observations, isSure);
  const [left, right] = [
    findPeaks(turned.yaw, 0, 1, thresholds.turn / 2),
    findPeaks(turned.yaw, 0, -1, thresholds.turn / 2),
  ];
  const series = (signal: keyof FaceSignals) => timeSeriesOf(observations, signal, isSure);
  const events = [
    ...turns(left, turned.yaw, turned.pitch, 1),
    ...turns(right, turned.yaw, turned.pitch, 2),
    ...nods(sure.pitch, sure.yaw, [...left, ...right], nodThreshold),
    ...mouthMoves(series('mouth'), series('mouthWidth')),
    ...blinks(series('eyes'), series('pitch')),
  ];
  return events.map((found) => doubted(found, observations)).sort((a, b) => a.peak - b.peak);
}

/** The head's angles over the frames that count. */
function anglesOf(observations: readonly FrameObservation[], counts: typeof isReliable) {
  const series = (signal: keyof FaceSignals) => timeSeriesOf(observations, signal, counts);
  return { yaw: turning(series('yaw'), series('bearing')), pitch: series('pitch') };
}

/** Around a movement the face must be seen in this part of the frames; a hand before it makes landmarks wander. */
const seenAround = { part: 0.7, ms: 700 } as const;

/** Weakens what was seen between frames without a face. */
function doubted(found: ActionEvent, observations: readonly FrameObservation[]): ActionEvent {
  const around = observations.filter(({ timeMs }) => Math.abs(timeMs - found.peak) <= seenAround.ms);
  const counts = found.action < 3 ? isSeen : isSure;
  const seen = around.filter(counts).length / Math.max(1, around.length);
  if (seen >= seenAround.part) return found;
  const strength = (found.strength * seen) / 2;
  return { ...found, strength, confidence: confidenceOf(strength) };
}

function event(action: Action, found: Peak, strength: number): ActionEvent {
  const { from, to, at } = found;
  return { action, from, to, peak: at, strength, confidence: confidenceOf(strength) };
}

/**
 * How far the head is turned from rest, over time: by what is seen, or by what is left when the face's direction
 * from the camera is taken off, whichever is less. So neither a head nor a photo that moves sideways turns.
 */
function turning(yaw: TimeSeries, bearing: TimeSeries): TimeSeries {
  const straight: TimeSeries = {
    times: yaw.times,
    values: yaw.values.map((v, i) => v - (bearing.values[i] ?? 0)),
  };
  const smooth = medianFilter(yaw);
  const seen = fromRest(smooth, smooth);
  const left = fromRest(medianFilter(straight), smooth);
  const values = seen.map((a, i) => {
    const b = left[i] ?? 0;
    return a * b <= 0 ? 0 : Math.sign(a) * Math.min(Math.abs(a), Math.abs(b));
  });
  return { times: yaw.times, values };
}

function fromRest(yaw: TimeSeries, seen: TimeSeries): number[] {
  const rest = restYaw(yaw, seen);
  return yaw.values.map((value) => value - rest);
}

/** A slow drift is no turn: most of the way must be made within a second. */
function turns(peaks: readonly Peak[], yaw: TimeSeries, pitch: TimeSeries, action: 1 | 2): ActionEvent[] {
  return peaks.map((peak) =>
    event(action, peak, (degreesTurned(peak) / thresholds.turn) * alongAxis(yaw, pitch, peak)),
  );
}

const degreesTurned = ({ amplitude, swing }: Peak) => Math.min(amplitude, 1.2 * swing);

/**
 * Up or down from where the person looked. Rest is the clip's median,
 * its start or its end: a short clip may begin in motion, or show the head lowered most of the time.
 */
function nods(raw: TimeSeries, yaw: TimeSeries, sideways: readonly Peak[], threshold: number): ActionEvent[] {
  const pitch = medianFilter(raw);
  const { values } = pitch;
  const middle = nodsFrom(quantile(values, 0.5), pitch, yaw, sideways, threshold);
  const edges = [values.slice(0, 3), values.slice(-3)].map((some) => quantile(some, 0.5));
  const [first = 0, last = 0] = [pitch.times[0], pitch.times.at(-1)];
  // What is far enough first, of that what begins and ends in the clip, and of that the shortest.
  const length = ({ strength, from, to }: ActionEvent) =>
    strength < 1 ? 1e6 / strength : to - from + (from === first || to === last ? last - first : 0);
  const fromEdges = edges
    .flatMap((rest) => nodsFrom(rest, pitch, yaw, sideways, threshold))
    .filter(({ from, to }) => from === first || to === last || to - from > longNod * (last - first));
  const found = [...middle, ...fromEdges].sort((a, b) => length(a) - length(b));
  const kept: ActionEvent[] = [];
  for (const nod of found) {
    if (kept.every(({ from, to }) => nod.from > to + sameNodMs || nod.to < from - sameNodMs)) kept.push(nod);
  }
  return kept;
}

/** Part of a clip that a nod fills, for its start or end to be the rest. */
const longNod = 0.4;
/** Down followed by up within so many ms is one nod. */
const sameNodMs = 500;

function nodsFrom(
  rest: number,
  pitch: TimeSeries,
  yaw: TimeSeries,
  sideways: readonly Peak[],
  threshold: number,
): ActionEvent[] {
  const moves = ([1, -1] as const)
    .flatMap((direction) => findPeaks(pitch, rest, direction, threshold / 2))
    .map((peak) => {
      const way =
        Math.min(peak.amplitude, peak.swing) * readable(yaw.values[yaw.times.indexOf(peak.at)] ?? 0);
      const strength = (way / threshold) * alongAxis(pitch, yaw, peak);
      const share = overLargerTurn(pitch, yaw, peak, sideways);
      // Of a larger turn it is never enough, however far the head is raised.
      return event(3, peak, share < 1 ? Math.min(share, strength * share ** 2) : strength);
    })
    .sort((a, b) => a.from - b.from);
  const joined: ActionEvent[] = [];
  for (const move of moves) {
    const before = joined.at(-1);
    if (before !== undefined && move.from - before.to <= sameNodMs) {
      const stronger = move.strength > before.strength ? move : before;
      joined[joined.length - 1] = { ...stronger, from: before.from, to: move.to };
    } else joined.push(move);
  }
  return joined;
}

/**
 * Part of a change of pitch that counts at a yaw (degrees from rest). Beyond 30° half of the face is hidden: between
 * neighbouring frames of 18 people the pitch varies by .9° (standard deviation) within 20°, 2° to 40° and 4° beyond.
 */
const readable = (yaw: number) => Math.min(1, 30 / Math.max(1, Math.abs(yaw))) ** 2;

/** How long before and after a movement its start and its return are looked for, in ms. */
const besideMs = 700;

/** So far of the way back to rest a movement has returned. */
const returned = 0.8;

/**
 * How far the head goes about the movement's own axis over how far it goes about the other one, from where it leaves rest to
 * where it has returned to it, at most 1. A head that is held to the side and nods keeps to the other axis' angle.
 */
function axisShare(own: TimeSeries, other: TimeSeries, found: Peak): number {
  const [first, last] = extentOf(own, found);
  const way = Math.max(found.amplitude, rangeOf(own, first, last));
  return Math.min(1, way / Math.max(1, rangeOf(other, first, last)));
}

/** From where a movement leaves rest to where it has returned to it: the first and the last frame. */
function extentOf(own: TimeSeries, { from, to, at, amplitude }: Peak): readonly [number, number] {
  const top = own.values[own.times.indexOf(at)] ?? 0;
  const isBack = (i: number) => Math.abs((own.values[i] ?? 0) - top) >= returned * amplitude;
  let [first, last] = [own.times.indexOf(from), own.times.indexOf(to)];
  while (first > 0 && !isBack(first) && (own.times[first - 1] ?? 0) >= from - besideMs) first -= 1;
  while (last + 1 < own.times.length && !isBack(last) && (own.times[last + 1] ?? 0) <= to + besideMs)
    last += 1;
  return [first, last];
}

function rangeOf({ values }: TimeSeries, first: number, last: number): number {
  const some = values.slice(first, last + 1);
  return Math.max(...some) - Math.min(...some);
}

/**
 * How far a head is raised or lowered over how far it turns meanwhile, at most 1. The whole turn counts, also what it returns
 * after the nod, where it goes farthest during the nod and most of it is made then: a head that is kept turned may nod.
 */
function overLargerTurn(pitch: TimeSeries, yaw: TimeSeries, nod: Peak, sideways: readonly Peak[]): number {
  const [first, last] = extentOf(pitch, nod);
  const [from = 0, to = 0] = [pitch.times[first], pitch.times[last]];
  const turned = rangeOf(yaw, first, last);
  const meanwhile = sideways
    .filter(({ at }) => at >= from && at <= to)
    .map(degreesTurned)
    .filter((whole) => turned > whole / 2);
  return Math.min(1, nod.amplitude / Math.max(1, ...meanwhile));
}

/**
 * Is a movement about its own axis? The angle it makes from its start, or to its return, over the angle made about the
 * other axis meanwhile, at most 1. Turned faces seem to rise by up to a third of the turn, nodding ones to turn a little.
 */
function alongAxis(own: TimeSeries, other: TimeSeries, found: Peak): number {
  const { from, to, at } = found;
  const peak = own.times.indexOf(at);
  const change = (series: TimeSeries, i: number) =>
    Math.abs((series.values[peak] ?? 0) - (series.values[i] ?? 0));
  const sides = [
    own.times.flatMap((time, i) => (time < from && time >= from - besideMs ? [i] : [])),
    own.times.flatMap((time, i) => (time > to && time <= to + besideMs ? [i] : [])),
  ].filter((side) => side.length > 0);
  // A movement that fills the clip has no sides: its own frames are compared.
  const compared = sides.length > 0 ? sides : [own.times.map((_, i) => i)];
  const shares = compared.map((side) => {
    const least = side.reduce((a, b) => (change(own, b) > change(own, a) ? b : a));
    return change(own, least) / Math.max(1, change(other, least));
  });
  // What goes farther about the other axis on the whole is a movement about that one.
  return Math.min(1, Math.max(...shares), axisShare(own, other, found) ** 2);
}

/**
 * Lips that are asked to open stay so for this long, ms: by timelines.json those of four people for 640 and more, of talk and song
 * for 120 to 270. Of ten faces that a model animates, which talk, three of seven fall below (LIVENESS.md).
 */
const keptOpenMs = 250;

/**
 * The mouth opens (or closes) by more than talking does, from the person's closed mouth, and stays so for a while. A grin, or a
 * broad vowel, parts the lips by pulling their corners: what the mouth is wider than when closed, it counts less.
 */
function mouthMoves(raw: TimeSeries, width: TimeSeries): ActionEvent[] {
  const closed = closedMouth(medianFilter(raw));
  const whenClosed = width.values.filter((_, i) => (raw.values[i] ?? 1) <= closed + nearlyClosed);
  const usual = quantile(whenClosed.length < 3 ? width.values : whenClosed, 0.5);
  const narrow = raw.values.map((value, i) => value / Math.max(1, (width.values[i] ?? usual) / usual));
  const mouth = medianFilter({ times: raw.times, values: narrow });
  return findPeaks(mouth, closed, 1, thresholds.mouth / 2).map((peak) => {
    const kept = keptValue(mouth, peak.at, keptOpenMs) - closed;
    return event(4, peak, Math.max(0, Math.min(kept, peak.swing)) / thresholds.mouth);
  });
}

const longestBlinkMs = 1500;

/**
 * Both lids come down and go up again. Unsmoothed: at ten frames a second a blink is in one or two of them. A
 * head that looks down or up at the same time only seems to close its eyes.
 */
function blinks(eyes: TimeSeries, pitch: TimeSeries): ActionEvent[] {
  const open = quantile(eyes.values, 0.75);
  const restPitch = quantile(pitch.values, 0.5);
  const level = thresholds.blink / 2;
  const covered: TimeSeries = { times: eyes.times, values: eyes.values.map((value) => 1 - value / open) };
  return findPeaks(covered, 0, 1, level, 600)
    .filter((peak) => peak.to - peak.from <= longestBlinkMs)
    .filter((peak) => {
      const at = pitch.times.indexOf(peak.at);
      return Math.abs((pitch.values[at] ?? restPitch) - restPitch) < 10;
    })
    .map((peak) => event(5, peak, Math.min(peak.amplitude, peak.swing) / thresholds.blink));
}
