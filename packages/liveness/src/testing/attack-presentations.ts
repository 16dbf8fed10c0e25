import type { Pose } from './pai-pose.ts';
import type { Features } from './printed-pai.ts';

/** From where in the photo a point of it is taken, both in its widths from its middle; undefined: a hole. */
export type Warp = (x: number, y: number) => readonly [number, number] | undefined;

type AttackKind = 'still photo' | 'moved photo' | 'bent photo' | 'cut photo' | 'two photos';

/** A way to pass photos off as a person. Time runs from 0 to 1. */
export interface Attack {
  readonly name: string;
  readonly kind: AttackKind;
  readonly pose?: (time: number) => Pose;
  readonly warp?: (time: number, face: Features) => Warp;
  /** How much of a second photo of the person is seen, [0, 1]. */
  readonly second?: (time: number) => number;
  /** Pictures that one exposure spans, for movements that blur. */
  readonly exposures?: number;
}

const { sin, cos, exp, PI } = Math;
/** Swings to one side and back once in the middle of the video, and rests before and after. */
const once = (time: number) => {
  const t = (time - 0.3) / 0.4;
  return t <= 0 || t >= 1 ? 0 : sin(PI * t) ** 2;
};
/** To one side, back, to the other, back. */
const sway = (time: number) => {
  const t = (time - 0.15) / 0.7;
  return t <= 0 || t >= 1 ? 0 : sin(2 * PI * t);
};
/** As `sway`, within a third of the time. */
const quick = (time: number) => sway(0.5 + (time - 0.5) * 2.1);
/** From 0 to 1 and back, each way within a share of the time. */
const plateau = (share: number) => (time: number) =>
  Math.max(0, Math.min(1, (time - 0.3) / share, (0.7 - time) / share));
/** 1 for the middle of the time, in no time. */
const shown = (time: number) => (time > 0.35 && time < 0.65 ? 1 : 0);

const poses = (kind: AttackKind, all: Record<string, (time: number) => Pose>): Attack[] =>
  Object.entries(all).map(([name, pose]) => ({ name, kind, pose }));
const warps = (kind: AttackKind, all: Record<string, NonNullable<Attack['warp']>>): Attack[] =>
  Object.entries(all).map(([name, warp]) => ({ name, kind, warp }));

/** What can be done with one photo of a face. */
export const attacks: readonly Attack[] = [
  ...poses('still photo', {
    still: () => ({}),
    'still, near': () => ({ near: 0.5 }),
    'still, at the edge': () => ({ near: -0.35, x: 0.42, y: 0.1 }),
    'still, aslant': () => ({ yaw: 22, pitch: -12, roll: 6 }),
  }),
  ...poses('moved photo', {
    shifted: (t) => ({ x: 0.35 * sway(t), y: 0.15 * sin(9 * t) }),
    'in and out of the picture': (t) => ({ x: 0.9 * once(t), near: -0.1 }),
    shaken: (t) => ({ x: 0.05 * sin(60 * t), y: 0.04 * sin(47 * t), roll: 3 * sin(38 * t) }),
    rolled: (t) => ({ roll: 25 * sway(t) }),
    zoomed: (t) => ({ near: 0.4 * once(t) }),
    'zoomed slowly': (t) => ({ near: 0.5 * t - 0.2 }),
    'tilted sideways': (t) => ({ yaw: 40 * sway(t), x: 0.1 * sway(t) }),
    'tilted sideways about an edge': (t) => ({ yaw: 35 * sway(t), about: [-0.5, 0], x: -0.5 }),
    'tilted up and down': (t) => ({ pitch: 40 * sway(t) }),
    'tilted about the lower edge': (t) => ({ pitch: 32 * sway(t), about: [0, 0.5], y: 0.5 }),
    'tilted far, once': (t) => ({ yaw: 52 * once(t) }),
    'tilted down and back, once': (t) => ({ pitch: -45 * once(t) }),
    'tilted near the camera': (t) => ({ yaw: 30 * sway(t), near: 0.7 }),
    'tilted and carried': (t) => ({
      yaw: 30 * sway(t),
      pitch: 15 * sin(7 * t),
      roll: 8 * sin(5 * t),
      near: 0.2 * t,
    }),
    'tilted about both axes': (t) => ({ yaw: 30 * sin(7 * t), pitch: 30 * sin(9 * t + 1) }),
  }),
  ...poses('moved photo', {
    'tilted fast': (t) => ({ yaw: 40 * quick(t) }),
    'nodded fast': (t) => ({ pitch: 38 * quick(t) }),
    'shifted fast': (t) => ({ x: 0.35 * quick(t) }),
  }).map((attack) => ({ ...attack, exposures: 3 })),
  ...poses('bent photo', {
    'column, turned': (t) => ({ bend: 1.6, yaw: 28 * sway(t) }),
    'tight column, turned': (t) => ({ bend: 2.6, yaw: 30 * sway(t) }),
    'column, turned slowly once': (t) => ({ bend: 2, yaw: 25 * once(t), y: 0.03 * t }),
    'column, bent more and less': (t) => ({ bend: 2.6 * sin(PI * t), yaw: 22 * sway(t) }),
    'column, nodded': (t) => ({ bend: 2, pitch: 30 * sway(t) }),
    'hollow, turned': (t) => ({ bend: -1.6, yaw: 28 * sway(t) }),
    'hollow, nodded': (t) => ({ bend: -1.5, along: 90, pitch: 28 * sway(t) }),
    'roof, nodded': (t) => ({ bend: 1.8, along: 90, pitch: 28 * sway(t) }),
    'tight roof, nodded': (t) => ({ bend: 2.8, along: 90, pitch: 26 * sway(t) }),
    'roof, turned': (t) => ({ bend: 1.8, along: 90, yaw: 30 * sway(t) }),
    'roof, bent more and less': (t) => ({ bend: 2.4 * sin(2 * PI * t), along: 90, pitch: 15 * sway(t) }),
    'bent out and in': (t) => ({ bend: 2.4 * sway(t) }),
    'aslant, turned': (t) => ({ bend: 2.2, along: 35, yaw: 25 * sway(t), pitch: 8 * once(t) }),
    'bent, carried and rolled': (t) => ({
      ...{ bend: 1 + 1.2 * sway(t), yaw: 20 * sin(6 * t), roll: 10 * sin(4 * t) },
      ...{ x: 0.2 * sin(5 * t), near: 0.15 * sin(7 * t) },
    }),
  }),
  ...warps('bent photo', {
    'middle pushed sideways': (t) => (x, y) => [x + 0.09 * sway(t) * (1 - 4 * x * x), y],
    'middle pushed down': (t) => (x, y) => [x, y + 0.09 * sway(t) * (1 - 4 * y * y)],
    'waved across': (t) => (x, y) => [x + 0.05 * sway(t) * sin(2 * PI * x + 1), y],
    'waved along': (t) => (x, y) => [x + 0.04 * sin(2 * PI * (y + 2 * t)), y + 0.03 * sin(2 * PI * (x + t))],
    'waving like a flag': (t) => (x, y) => [x + 0.03 * sin(9 * x + 12 * t), y + 0.03 * sin(8 * x + 12 * t)],
    'one side narrowed': (t) => (x, y) => [x + 0.35 * sway(t) * (x * x - 0.25), y * (1 + 0.25 * sway(t) * x)],
    'lower half stretched': (t) => (x, y) => [x, y > 0.05 ? 0.05 + (y - 0.05) * (1 - 0.3 * once(t)) : y],
    'squeezed at the eyes': (t) => (x, y) => [x, y + 0.06 * once(t) * sin(2 * PI * (y + 0.12))],
    'a strip at the eyes squeezed': (t, { eyes }) => strip(eyes, 0.06, 1.4 * once(t)),
    'a narrow strip at the eyes squeezed': (t, { eyes }) => strip(eyes, 0.03, 2 * once(t)),
    'a strip at the mouth stretched': (t, { mouth }) => strip(mouth, 0.07, -0.6 * once(t)),
    'a narrow strip at the mouth stretched': (t, { mouth }) => strip(mouth, 0.035, -0.8 * once(t)),
    'the nose pulled aside':
      (t, { nose, middle }) =>
      (x, y) => [x - 0.05 * sway(t) * exp(-((x - middle) ** 2 + (y - nose) ** 2) / 0.02), y],
  }),
  ...warps('cut photo', {
    'cut out along the face': (t, face) => outlined(face, (x, y) => [x - 0.08 * sway(t), y]),
    'cut out and squeezed': (t, face) => outlined(face, (x, y) => [x * (1 + 0.4 * once(t)), y]),
    'cut at the lips, chin pulled down': (t, { mouth, middle }) => {
      const pulled = 0.07 * once(t);
      return (x, y) => {
        if (y < mouth || Math.abs(x - middle) > 0.3) return [x, y];
        return y < mouth + pulled ? undefined : [x, y - pulled];
      };
    },
  }),
];

/** Squeezes (> 0) or stretches (< 0) what lies around a height. */
const strip =
  (at: number, half: number, by: number): Warp =>
  (x, y) => [x, at + (y - at) * (1 + by * exp(-(((y - at) / half) ** 2)))];

/** Only what lies within the face's outline. */
const outlined =
  ({ middle, nose, half }: Features, warp: Warp): Warp =>
  (x, y) => {
    const from = warp(x, y);
    if (from === undefined) return undefined;
    const away = ((from[0] - middle) / half) ** 2 + ((from[1] - nose) / (1.25 * half)) ** 2;
    return away > 1 ? undefined : from;
  };

/** What can be done with two photos of one person. */
export const pairAttacks: readonly Attack[] = (
  [
    { name: 'slideshow', second: shown },
    {
      name: 'slideshow, the photo shaken',
      second: shown,
      pose: (t) => ({ x: 0.04 * sin(50 * t), roll: 3 * sin(33 * t) }),
    },
    {
      name: 'slideshow, the photo tilted',
      second: shown,
      pose: (t) => ({ yaw: 15 * sin(7 * t), pitch: 8 * cos(5 * t) }),
    },
    { name: 'cross-faded fast', second: plateau(0.07) },
    { name: 'cross-faded', second: plateau(0.15) },
    { name: 'cross-faded slowly', second: plateau(0.2) },
    {
      name: 'cross-faded and carried',
      second: plateau(0.12),
      pose: (t) => ({ x: 0.08 * sin(6 * t), near: 0.1 * t, roll: 4 * sin(5 * t) }),
    },
  ] satisfies Omit<Attack, 'kind'>[]
).map((attack) => ({ ...attack, kind: 'two photos' }));
