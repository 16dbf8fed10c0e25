import type { AuditLine, OnRequest } from './request-log.ts';

const metrics = [
  { Name: 'requests', Unit: 'Count' },
  { Name: 'errors', Unit: 'Count' },
  { Name: 'milliseconds', Unit: 'Milliseconds' },
  { Name: 'coldStarts', Unit: 'Count' },
  { Name: 'faces', Unit: 'Count' },
];

/**
 * Writes audit lines that CloudWatch also reads metrics from (its embedded metric format): namespace `openfrs`, dimension
 * `operation`. `errors` are the service's own (500 and above); the first line is the process's cold start. Lambda's console would
 * wrap the line, and metrics are read from the outermost object only.
 */
export function metricsLog(write = (text: string): unknown => process.stdout.write(text)): OnRequest {
  let isCold = true;
  return (line) => {
    write(`${JSON.stringify(withMetrics(line, isCold))}\n`);
    isCold = false;
  };
}

function withMetrics(line: AuditLine, isCold: boolean): object {
  return {
    _aws: {
      Timestamp: Date.parse(line.time),
      CloudWatchMetrics: [{ Namespace: 'openfrs', Dimensions: [['operation']], Metrics: metrics }],
    },
    ...line,
    requests: 1,
    errors: line.status >= 500 ? 1 : 0,
    milliseconds: line.ms,
    coldStarts: isCold ? 1 : 0,
    faces: line.faces ?? 0,
  };
}
