import type { Action } from '@openfrs/core';
import type { Expression } from './landmark-warp.ts';

const { PI, sin } = Math;

/** Rises, stays and falls between two times, smoothly: 0 to 1. */
export function bell(time: number, from: number, to: number): number {
  const way = Math.min((time - from) / 0.45, (to - time) / 0.45);
  return 0.5 - 0.5 * Math.cos(PI * Math.max(0, Math.min(1, way)));
}

/** How far attackers move landmarks for an action: clearly, not wildly. */
const peaks: Readonly<Partial<Record<Action, Expression>>> = {
  1: { yaw: 27 },
  2: { yaw: -27 },
  3: { pitch: -20 },
  4: { mouth: 1 },
};

/** Seconds an action takes, rest before it included. */
export const actionSeconds = 2.2;

/** One action after the other, at rest between them. */
export function performed(actions: readonly Action[]): (time: number) => Expression {
  return (time) => {
    const index = Math.floor(time / actionSeconds);
    const action = actions[index];
    const share = bell(time - index * actionSeconds, 0.6, 1.8);
    const peak = (action === undefined ? undefined : peaks[action]) ?? {};
    return Object.fromEntries(Object.entries(peak).map(([key, value]) => [key, value * share]));
  };
}

/** A person who idles: sways by a degree or two and blinks twice. */
export const idling = (time: number): Expression => ({
  yaw: 1.6 * sin(2.1 * time) + 0.6 * sin(5.3 * time + 1),
  pitch: 1.2 * sin(1.7 * time + 2) + 0.4 * sin(4.9 * time),
  roll: 0.8 * sin(1.3 * time + 0.5),
  blink: bell2(time, 0.35) + bell2(time, 2.5),
});
const bell2 = (time: number, at: number) => Math.exp(-(((time - at) / 0.09) ** 2));

/** Both at once. */
export const together = (a: Expression, b: Expression): Expression => ({
  yaw: (a.yaw ?? 0) + (b.yaw ?? 0),
  pitch: (a.pitch ?? 0) + (b.pitch ?? 0),
  roll: (a.roll ?? 0) + (b.roll ?? 0),
  mouth: Math.max(a.mouth ?? 0, b.mouth ?? 0),
  blink: Math.max(a.blink ?? 0, b.blink ?? 0),
});
