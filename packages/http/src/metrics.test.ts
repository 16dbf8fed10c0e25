import { describe, expect, test } from 'vitest';
import { metricsLog } from './metrics.ts';
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
});
