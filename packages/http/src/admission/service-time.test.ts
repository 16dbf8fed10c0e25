import { expect, it } from 'vitest';
import { ServiceTime } from './service-time.ts';

it('knows how long work takes as soon as one has ended that loaded no models', () => {
  const times = new ServiceTime();
  expect(times.meanMs).toBe(200);
  times.add(0, 20_000);
  expect(times.meanMs).toBeLessThan(3000);
  times.add(20_000, 26_000);
  expect(times.meanMs).toBe(6000);
  times.add(26_000, 34_000);
  expect(times.meanMs).toBe(7000);
});

it('takes none that ran beside the first for warm', () => {
  const times = new ServiceTime();
  times.add(0, 20_000);
  times.add(1, 20_500);
  times.add(20_000, 20_100);
  times.add(19_000, 21_000);
  expect(times.meanMs).toBe(100);
});

it('follows the last dozen, once it has many', () => {
  const times = new ServiceTime();
  let now = 0;
  const take = (ms: number) => {
    times.add(now, now + ms);
    now += ms;
  };
  for (let at = 0; at < 100; at++) take(100);
  expect(times.meanMs).toBeCloseTo(100, 9);
  for (let at = 0; at < 12; at++) take(6000);
  expect(times.meanMs).toBeGreaterThan(4500);
});
