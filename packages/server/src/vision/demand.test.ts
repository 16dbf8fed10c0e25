import { beforeEach, expect, it } from 'vitest';
import { Demand } from './demand.ts';

let now = 0;
let demand: Demand;
beforeEach(() => {
  now = 0;
  demand = new Demand(() => now);
});

/** One after the other, of so many ms each, with pauses of so many ms; four more of `flood` wait all the time. */
function ask(project: string, seconds: number, ms: number, pauseMs: number): void {
  for (const until = now + seconds * 1000; now < until; now += pauseMs) {
    demand.begin(project);
    now += ms;
    demand.end(project);
  }
}

it('is nobody above the mean alone, however much they ask for', () => {
  for (let calls = 0; calls < 9; calls++) demand.begin('flood');
  now += 20_000;
  expect(demand.isAboveMean('flood')).toBe(false);
  expect(demand.isAboveMean('nobody')).toBe(false);
});

it('tells who has many at a time from who has one after the other', () => {
  for (let calls = 0; calls < 4; calls++) demand.begin('flood');
  ask('one', 10, 400, 100);
  expect(demand.isAboveMean('flood')).toBe(true);
  expect(demand.isAboveMean('one')).toBe(false);
  expect(demand.isAboveMean('new')).toBe(false);
});

it('calls a flood what has several at a time and more than others, from the second on', () => {
  ask('one', 10, 400, 100);
  demand.begin('flood');
  expect(demand.isAboveMean('flood')).toBe(true);
  expect(demand.isFlood('flood')).toBe(false);
  demand.begin('flood');
  expect(demand.isFlood('flood')).toBe(true);
  demand.begin('one');
  expect(demand.isFlood('one')).toBe(false);
  demand.end('flood');
  expect(demand.isFlood('flood')).toBe(false);
});

it('tells who always has one from who pauses', () => {
  demand.begin('always');
  ask('pauses', 10, 300, 200);
  expect(demand.isAboveMean('always')).toBe(true);
  expect(demand.isAboveMean('pauses')).toBe(false);
});

it('does not count several that ask alike against each other', () => {
  for (let calls = 0; calls < 9; calls++) demand.begin('flood');
  for (const project of ['a', 'b', 'c']) demand.begin(project);
  now += 5000;
  expect(['a', 'b', 'c', 'flood'].filter((project) => demand.isAboveMean(project))).toEqual(['flood']);
});

it('forgets what was asked for half a minute ago', () => {
  ask('before', 10, 400, 0);
  now += 30_000;
  demand.begin('now');
  now += 1000;
  expect(demand.isAboveMean('now')).toBe(false);
});
