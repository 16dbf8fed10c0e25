import {
  enrolmentsEnded,
  stagesEnded,
  storeCallsEnded,
  sweepsEnded,
  tasksEnded,
} from '@openfrs/core/observation';
import { describe, expect, test } from 'vitest';
import { metricsLog, workMetricsLog } from './metrics.ts';
import type { AuditLine } from './request-log.ts';

const line = {
  level: 'audit',
  time: '2026-01-02T03:04:05.000Z',
  request_id: 'one',
  operation: 'face-detect',
  status: 200,
  ms: 12,
  faces: 3,
} as const;

/** A log of one process, and what it writes of a line. */
function openLog() {
  const written: string[] = [];
  const log = metricsLog((text) => written.push(text));
  return (line: AuditLine): Record<string, unknown> => {
    log(line);
    return JSON.parse(written.at(-1) ?? '');
  };
}

describe('an audit line with metrics', () => {
  test('names metrics that are numbers of the line, by operation, and counts a cold start once', () => {
    const withMetrics = openLog();
    const first = withMetrics(line);
    const { CloudWatchMetrics, Timestamp } = first._aws as {
      Timestamp: number;
      CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
    };
    expect(Timestamp).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    const [group] = CloudWatchMetrics;
    expect(group).toMatchObject({ Namespace: 'openfrs', Dimensions: [['operation']] });
    for (const { Name } of group?.Metrics ?? []) expect([Name, typeof first[Name]]).toEqual([Name, 'number']);
    expect(first).toMatchObject({
      ...line,
      requests: 1,
      errors: 0,
      milliseconds: 12,
      coldStarts: 1,
      faces: 3,
    });
    expect(withMetrics(line)).toMatchObject({ coldStarts: 0 });
  });

  test('counts answers of 500 and above as errors, refusals not', () => {
    const withMetrics = openLog();
    expect(withMetrics({ ...line, status: 500 })).toMatchObject({ errors: 1 });
    expect(withMetrics({ ...line, status: 400 })).toMatchObject({ errors: 0 });
  });

  test('tells what calls of the stores and stages of vision took since the line before, of all functions together', () => {
    const withMetrics = openLog();
    const call = { store: 's3', operation: 'GetObject', startedAt: 0, headers: {} } as const;
    storeCallsEnded.publish({ call, outcome: 'ok', ms: 12 });
    storeCallsEnded.publish({ call, outcome: 'refused', ms: 1 });
    storeCallsEnded.publish({ call, outcome: 'throttled', ms: 7.04 });
    stagesEnded.publish({ name: 'embed', startedAt: 0, ms: 30 });
    stagesEnded.publish({ name: 'embed', startedAt: 0, ms: 2 });
    const told = withMetrics(line);
    expect(told).toMatchObject({
      storeCalls: 3,
      storeFailures: 1,
      storeMilliseconds: 20,
      embedMilliseconds: 32,
    });
    expect(
      groupsOf(told).map(({ Dimensions, Metrics }) => [Dimensions, Metrics.map(({ Name }) => Name)]),
    ).toEqual([
      [[['operation']], ['requests', 'errors', 'milliseconds', 'coldStarts', 'faces']],
      [[[]], ['storeCalls', 'storeFailures', 'storeMilliseconds', 'embedMilliseconds']],
    ]);
    expect(groupsOf(withMetrics(line))).toHaveLength(1);
  });
});

test('what sweeps, enrolments and tasks of maintenance did is metrics of their own lines, without a name of anybody', () => {
  const written: string[] = [];
  workMetricsLog((text) => written.push(text));
  sweepsEnded.publish({ failures: 1, piecesDue: 4, ms: 2500 });
  enrolmentsEnded.publish({ done: false, lagMs: 61_000 });
  tasksEnded.publish({ task: { name: 'compact', startedAt: 0 }, done: false, ms: 1260 });
  tasksEnded.publish({ task: { name: 'sweep', startedAt: 0 }, done: true, ms: 2500 });
  const lines = written.map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({ sweepFailures: 1, compactionPiecesDue: 4, sweepSeconds: 2.5 });
  expect(lines[1]).toMatchObject({ enrolmentLagSeconds: 61, enrolmentFailures: 1 });
  expect(lines[2]).toMatchObject({ maintenanceSeconds: 1.3, maintenanceFailures: 1 });
  expect(lines).toHaveLength(3);
  for (const told of lines)
    for (const { Name } of groupsOf(told)[0]?.Metrics ?? []) expect(typeof told[Name]).toBe('number');
});

function groupsOf(line: Record<string, unknown>) {
  return (line._aws as { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] })
    .CloudWatchMetrics;
}

test('what photos that enrol themselves ask of stores and models is told with them', () => {
  const lines: Record<string, unknown>[] = [];
  workMetricsLog((text) => lines.push(JSON.parse(text)));
  const call = { store: 'dynamodb', operation: 'PutItem', startedAt: 0, headers: {} } as const;
  storeCallsEnded.publish({ call, outcome: 'throttled', ms: 5 });
  stagesEnded.publish({ name: 'embed', startedAt: 0, ms: 30 });
  enrolmentsEnded.publish({ done: false, lagMs: 1000 });
  expect(lines[0]).toMatchObject({ enrolmentFailures: 1, storeFailures: 1, embedMilliseconds: 30 });
  expect(JSON.stringify(lines[0]?._aws)).toMatch(/storeFailures.*embedMilliseconds/);
  enrolmentsEnded.publish({ done: true, lagMs: 1000 });
  expect(lines[1]).not.toHaveProperty('storeFailures');
});
