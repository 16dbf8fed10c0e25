import { startInThread } from '@openfrs/embedded/in-thread';
import { afterAll, expect, it } from 'vitest';
import { createClients } from '../../dynamodb/clients.ts';
import { createTables } from '../../dynamodb/tables.ts';
import { dynamodbRateLimits } from './rate-limits.ts';

const embedded = await startInThread();
const clients = createClients({ ...embedded, credentials: embedded });
await createTables(clients.dynamodb, ['accounts']);
afterAll(async () => {
  clients.destroy();
  await embedded.stop();
});

const now = new Date('2026-05-04T03:02:01Z');

it('counts the hits of one minute from one up, in the order they came', async () => {
  const limits = dynamodbRateLimits(clients.dynamodb, 'accounts');
  const hits = await Promise.all(Array.from({ length: 25 }, () => limits.hit('p', 'face-detect', now)));
  expect(hits).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  expect(await limits.hit('p', 'face-detect', new Date(now.getTime() + 60_000))).toBe(1);
});

it('lets a crowd go on a few in each turn of the event loop', async () => {
  const limits = dynamodbRateLimits(clients.dynamodb, 'accounts');
  let inTurn = 0;
  let maxAtOnce = 0;
  const hits = Array.from({ length: 100 }, async () => {
    await limits.hit('crowd', 'face-detect', now);
    inTurn += 1;
    maxAtOnce = Math.max(maxAtOnce, inTurn);
    setImmediate(() => {
      inTurn = 0;
    });
  });
  await Promise.all(hits);
  expect(maxAtOnce).toBeLessThanOrEqual(16);
});

it('counts projects and operations apart', async () => {
  const limits = dynamodbRateLimits(clients.dynamodb, 'accounts');
  const [a, b, c] = await Promise.all([
    limits.hit('a', 'x', now),
    limits.hit('a', 'y', now),
    limits.hit('b', 'x', now),
  ]);
  expect([a, b, c]).toEqual([1, 1, 1]);
});

it('shares its counts among instances: no number is given twice, none is left out', async () => {
  const instances = [1, 2, 3].map(() => dynamodbRateLimits(clients.dynamodb, 'accounts'));
  const hits = await Promise.all(
    Array.from({ length: 60 }, (_, index) => instances[index % 3]?.hit('shared', 'face-add', now)),
  );
  expect(hits.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

it('counts what has a name of any length, each by itself', async () => {
  const limits = dynamodbRateLimits(clients.dynamodb, 'accounts');
  const long = 'é'.repeat(5000);
  expect([await limits.hit(long, 'x', now), await limits.hit(long, 'x', now)]).toEqual([1, 2]);
  expect(await limits.hit(`${long}e`, 'x', now)).toBe(1);
});

it('fails the hits that could not be counted, and goes on', async () => {
  const limits = dynamodbRateLimits(clients.dynamodb, 'no such table');
  const outcomes = await Promise.allSettled([limits.hit('p', 'x', now), limits.hit('p', 'x', now)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(limits.hit('p', 'x', now)).rejects.toThrow();
});
