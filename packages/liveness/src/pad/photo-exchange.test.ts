import { describe, expect, it } from 'vitest';
import { bentPicture, texture, viewOfPicture } from '../testing/synthetic-views.ts';
import { actionFrames, crossFadeOf, exchangeOf } from './photo-exchange.ts';

const signals = { centreX: 320, centreY: 240, size: 150, roll: 0 };
const folds = (x: number, y: number) => 14 * Math.sin(17 * x + 23 * y + 3 * Math.sin(9 * x * y));

/** Ten frames a second of what turns by so many degrees and changes by so much. */
const filmed = (frames: readonly { readonly yaw: number; readonly change: number }[]) =>
  frames.map(({ yaw, change }, i) => {
    const face = bentPicture((x, y) => texture(x, y) + change * folds(x, y), yaw);
    return { timeMs: 100 * i, yaw, signals, view: viewOfPicture(face, i + 1, yaw) };
  });
const whole = { from: 0, to: 1500 };
const away = ({ yaw }: { readonly yaw: number }) => yaw;

const exchange = (frames: ReturnType<typeof filmed>) => {
  const action = actionFrames(frames, whole, away);
  return action === undefined ? Number.NaN : exchangeOf(action, away);
};

const rest = { yaw: 0, change: 0 };
const turned = { yaw: 22, change: 1 };
const swap = filmed([rest, rest, rest, ...Array.from({ length: 6 }, () => turned), rest, rest]);
const head = filmed([0, 0, 1, 7, 14, 20, 22, 22, 19, 13, 6, 1, 0].map((yaw) => ({ yaw, change: yaw / 22 })));

describe('two photos in turn', () => {
  it('change abruptly there and back, and not at all beside', () => {
    expect(exchange(swap)).toBeGreaterThan(20);
  });

  it('are told from a head that turns, and from one that jerks and lives on', () => {
    expect(exchange(head)).toBe(1);
    const held = [1, 0.4, 1.3, 0.7, 1.6, 0.9].map((change) => ({ yaw: 22, change }));
    expect(exchange(filmed([rest, rest, ...held, rest, rest]))).toBeLessThan(5);
  });

  it('are not told where only one change is seen, or too few frames', () => {
    expect(exchange(filmed([rest, rest, rest, turned, turned, turned, turned]))).toBe(1);
    expect(exchange(filmed([rest, turned, rest]))).toBe(1);
  });
});

describe('where an action went', () => {
  it('is farthest in its time, and on both sides goes on until it rests', () => {
    const action = actionFrames(head, whole, away);
    expect(action?.farthest.yaw).toBe(22);
    expect(action?.before.map(({ yaw }) => yaw)).toEqual([20, 14, 7, 1]);
    expect(action?.after.map(({ yaw }) => yaw)).toEqual([22, 19, 13, 6, 1]);
    expect(actionFrames(head, { from: 5000, to: 6000 }, away)).toBeUndefined();
  });

  it('is no cross-fade where rest is not seen', () => {
    const cut = actionFrames(head.slice(4, 9), whole, away);
    expect(cut && crossFadeOf(cut, away)).toBe(1);
  });
});
