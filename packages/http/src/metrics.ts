import type { AuditLine } from './log.ts';

let cold = true;

const metrics = [
  { Name: 'requests', Unit: 'Count' },
  { Name: 'errors', Unit: 'Count' },
  { Name: 'milliseconds', Unit: 'Milliseconds' },
  { Name: 'coldStarts', Unit: 'Count' },
  { Name: 'faces', Unit: 'Count' },
];

/**
 * An audit line that CloudWatch also reads metrics from (its embedded metric format): namespace `openfrs`, dimension
 * `operation`. `errors` are the service's own (500 and above); the first line of a process is its cold start.
 */
export function withMetrics(line: AuditLine): object {
  const coldStarts = cold ? 1 : 0;
  cold = false;
  return {
    _aws: {
      Timestamp: Date.parse(line.time),
      CloudWatchMetrics: [{ Namespace: 'openfrs', Dimensions: [['operation']], Metrics: metrics }],
    },
    ...line,
    requests: 1,
    errors: line.status >= 500 ? 1 : 0,
    milliseconds: line.ms,
    coldStarts,
    faces: line.faces ?? 0,
  };
}
