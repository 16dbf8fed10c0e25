import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const limits = { capacity: 10, perSecond: 5 };

it('gives what it holds at once, then what comes in', () => {
  let now = 0;
  const bucket = new TokenBucket(limits, () => now);
  expect([bucket.tryTake(6), bucket.tryTake(6), bucket.tryTake(4), bucket.tryTake(1)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  now = 1000;
  expect([bucket.tryTake(5), bucket.tryTake(1)]).toEqual([true, false]);
  now = 60_000;
  expect([bucket.isFull, bucket.tryTake(11), bucket.tryTake(10), bucket.isFull]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

it('lends tokens one after the other, none from later than it is told', () => {
  let now = 0;
  const bucket = new TokenBucket(limits, () => now);
  for (let count = 0; count < 10; count++) expect(bucket.borrow(1000)).toBe(0);
  expect([bucket.borrow(1000), bucket.borrow(1000), bucket.borrow(1000)]).toEqual([200, 400, 600]);
  for (let count = 0; count < 20; count++) bucket.borrow(1000);
  expect(bucket.borrow(1000)).toBe(1000);
  now = 1000;
  expect(bucket.borrow(1000)).toBe(200);
});

it('takes tokens back, no more than it holds', () => {
  const bucket = new TokenBucket(limits, () => 0);
  bucket.borrow(1000);
  bucket.giveBack();
  bucket.giveBack();
  expect([bucket.tryTake(11), bucket.tryTake(10)]).toEqual([false, true]);
});
