import { clock, keepBusy, turn, turnsOf } from '@openfrs/testing/turns';
import { describe, expect, it } from 'vitest';
import { mapInSlices, ownTurn, runInSlices, runToEnd, type Steps } from './steps.ts';

/** Work of so many steps, which notes at which step it was told of a pause. */
function* work(steps: number, pauses: number[] = []): Steps<number> {
  for (let step = 1; step <= steps; step += 1) if (yield) pauses.push(step);
  return steps;
}

describe('work in slices', () => {
  it('that is short is done in the turn of the call', async () => {
    await turn();
    let isDone = false;
    const done = runInSlices(work(3)).then(() => {
      isDone = true;
    });
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(isDone).toBe(true);
    await done;
  });

  it('that is long lets the event loop run every few milliseconds, and is told so', async () => {
    await turn();
    const pauses: number[] = [];
    const { result, turns } = await turnsOf(runInSlices(work(100, pauses), clock()));
    expect(result).toBe(100);
    // Eight steps of a millisecond a turn, of which looking at the clock at the end takes one.
    expect(turns).toBeGreaterThanOrEqual(100 / 9);
    expect(pauses.length).toBeGreaterThanOrEqual(100 / 9);
    expect(runToEnd(work(100))).toBe(100);
  });

  it('shares each turn with all other such work, in order', async () => {
    await turn();
    const order: string[] = [];
    function* named(name: string): Steps<void> {
      for (let step = 0; step < 30; step += 1) {
        order.push(name);
        yield;
      }
    }
    const names = ['a', 'b', 'c', 'd'];
    const all = names.map((name) => runInSlices(named(name), clock()));
    // The first has used up the turn: the others have not begun.
    expect(new Set(order)).toEqual(new Set(['a']));
    await Promise.all(all);
    expect(order).toHaveLength(120);
    expect(order.indexOf('d')).toBeLessThan(order.lastIndexOf('a'));
  });

  it('that fails leaves the turn to the others', async () => {
    const failing = (function* (): Steps<void> {
      yield;
      throw new Error('no');
    })();
    await expect(runInSlices(failing, clock())).rejects.toThrow('no');
    expect(await runInSlices(work(20), clock())).toBe(20);
  });

  it('ends by its finally blocks once nobody waits for it any more', async () => {
    const abort = new AbortController();
    let isEnded = false;
    const endless = (function* (): Steps<void> {
      try {
        for (;;) yield;
      } finally {
        isEnded = true;
      }
    })();
    const running = runInSlices(endless, clock(), abort.signal);
    abort.abort(new Error('gone'));
    await expect(running).rejects.toThrow('gone');
    expect(isEnded).toBe(true);
  });
});

describe('a list that is mapped in slices', () => {
  const slow = (entry: number) => {
    keepBusy();
    return -entry;
  };

  it('lets the event loop run while it is long', async () => {
    const list = Array.from({ length: 64 }, (_, at) => at);
    const { result, turns } = await turnsOf(mapInSlices(list, slow));
    expect(turns).toBeGreaterThanOrEqual(3);
    expect(result).toEqual(list.map((entry) => -entry));
  });

  it('is mapped at once while it is short, though the turn is taken and others wait', async () => {
    await ownTurn();
    let isOver = false;
    const long = runInSlices(work(1)).finally(() => {
      isOver = true;
    });
    expect(await mapInSlices([1, 2, 3], slow)).toEqual([-1, -2, -3]);
    expect(isOver).toBe(false);
    await long;
  });
});
