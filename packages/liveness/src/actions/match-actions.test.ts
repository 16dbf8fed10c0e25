import type { Action } from '@openfrs/core';
import { describe, expect, it } from 'vitest';
import type { ActionEvent } from './detect-actions.ts';
import { matchActions } from './match-actions.ts';

const event = (action: Action, peak: number, confidence = 0.9): ActionEvent => ({
  action,
  from: peak - 200,
  to: peak + 200,
  peak,
  strength: 1.5,
  confidence,
});
const peaks = (events: ActionEvent[], actions: Action[], windows?: { from: number; to: number }[]) =>
  matchActions(events, { actions, nodThreshold: 10, ...(windows === undefined ? {} : { windows }) }).map(
    (found) => found?.peak,
  );

describe('without windows', () => {
  it('actions count in the given order, anywhere', () => {
    const events = [event(1, 1000), event(3, 2000), event(2, 3000)];
    expect(peaks(events, [1, 3, 2])).toEqual([1000, 2000, 3000]);
    expect(peaks(events, [3])).toEqual([2000]);
  });

  it('an action before the one that it should follow does not count', () => {
    const events = [event(2, 1000), event(1, 2000)];
    expect(peaks(events, [1, 2]).filter((peak) => peak !== undefined)).toHaveLength(1);
    expect(peaks(events, [2, 1])).toEqual([1000, 2000]);
  });

  it('each event serves once', () => {
    expect(peaks([event(4, 1000)], [4, 4]).filter((peak) => peak !== undefined)).toHaveLength(1);
    expect(peaks([event(4, 1000), event(4, 2000)], [4, 4])).toEqual([1000, 2000]);
  });

  it('as many actions as possible are fulfilled, weak events don’t displace them', () => {
    const events = [event(1, 1000, 0.6), event(2, 2000, 0.99), event(1, 3000, 0.99)];
    expect(peaks(events, [1, 2])).toEqual([1000, 2000]);
    expect(peaks([event(1, 1000, 0.2), event(1, 2000, 0.8)], [1])).toEqual([2000]);
  });

  it('ten actions among many events are assigned at once', () => {
    const events = Array.from({ length: 150 }, (_, i) => event(((i % 5) + 1) as Action, i * 100));
    expect(peaks(events, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])).not.toContain(undefined);
  });
});

describe('with windows', () => {
  it('each action must peak within its own', () => {
    const events = [event(1, 1500), event(3, 5000)];
    const windows = [
      { from: 1000, to: 3000 },
      { from: 4000, to: 7000 },
    ];
    expect(peaks(events, [1, 3], windows)).toEqual([1500, 5000]);
    expect(peaks(events, [3, 1], windows)).toEqual([undefined, undefined]);
  });

  it('the most confident of several is taken', () => {
    const events = [event(4, 1200, 0.4), event(4, 1800, 0.95), event(4, 9000, 0.99)];
    expect(peaks(events, [4], [{ from: 1000, to: 3000 }])).toEqual([1800]);
  });
});
