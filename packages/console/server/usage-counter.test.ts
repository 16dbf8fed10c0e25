import type { AuditLine } from '@openfrs/http';
import { expect, test } from 'vitest';
import { createUsageCounter } from './usage-counter.ts';

const now = new Date('2030-01-01T12:00:30Z');
const line = (over: Partial<AuditLine> = {}): AuditLine => ({
  level: 'audit',
  time: now.toISOString(),
  request_id: 'r',
  operation: 'face-detect',
  project_id: 'p',
  status: 200,
  ms: 100,
  ...over,
});

test("counts a project's requests and errors by operation, with its latencies within 5 %", () => {
  const counter = createUsageCounter();
  for (let ms = 1; ms <= 100; ms++) counter.take(line({ ms }));
  counter.take(line({ operation: 'face-search', status: 400, ms: 7 }));
  counter.take(line({ project_id: 'other', ms: 9000 }));
  const [detect, search] = counter.report('p', now).operations;
  expect(detect).toMatchObject({ operation: 'face-detect', requests: 100, errors: 0 });
  expect(detect?.median).toBeGreaterThanOrEqual(47);
  expect(detect?.median).toBeLessThanOrEqual(53);
  expect(detect?.p99).toBeGreaterThanOrEqual(94);
  expect(detect?.p99).toBeLessThanOrEqual(104);
  expect(search).toMatchObject({ operation: 'face-search', requests: 1, errors: 1 });
});

test('has an entry for each of the last sixty minutes, and forgets what is older', () => {
  const counter = createUsageCounter();
  counter.take(line({ time: '2030-01-01T10:59:00Z' }));
  counter.take(line({ time: '2030-01-01T11:01:10Z', status: 500 }));
  counter.take(line());
  const { minutes, operations } = counter.report('p', now);
  expect(minutes).toHaveLength(60);
  expect(minutes[0]).toEqual({ time: Date.parse('2030-01-01T11:01:00Z') / 1000, requests: 1, errors: 1 });
  expect(minutes[59]).toEqual({ time: Date.parse('2030-01-01T12:00:00Z') / 1000, requests: 1, errors: 0 });
  expect(operations).toMatchObject([{ requests: 2, errors: 1 }]);
});

test('keeps to so many projects, and to operations of the contract', () => {
  const counter = createUsageCounter(2);
  for (const project_id of ['a', 'b', 'a', 'c']) counter.take(line({ project_id }));
  counter.take(line({ project_id: 'c', operation: 'anything' }));
  expect(counter.report('b', now).operations).toEqual([]);
  expect(counter.report('a', now).operations).toMatchObject([{ requests: 2 }]);
  expect(counter.report('c', now).operations).toHaveLength(1);
});

test('requests without a project are nobody’s', () => {
  const counter = createUsageCounter();
  const { project_id: _, ...anonymous } = line();
  counter.take(anonymous);
  expect(counter.report('p', now).operations).toEqual([]);
});
