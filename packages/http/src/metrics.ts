import {
  enrolmentsEnded,
  isMaintenance,
  type StageName,
  stagesEnded,
  storeCallsEnded,
  sweepsEnded,
  tasksEnded,
} from '@openfrs/core/observation';
import type { AuditLine, OnRequest } from './request-log.ts';

type Write = (text: string) => unknown;

const toOutput: Write = (text) => process.stdout.write(text);

const byOperation = [
  { Name: 'requests', Unit: 'Count' },
  { Name: 'errors', Unit: 'Count' },
  { Name: 'milliseconds', Unit: 'Milliseconds' },
  { Name: 'coldStarts', Unit: 'Count' },
  { Name: 'faces', Unit: 'Count' },
];

/** Of all functions together: each metric by operation would cost as much again. */
const ofStores = [
  { Name: 'storeCalls', Unit: 'Count' },
  { Name: 'storeFailures', Unit: 'Count' },
  { Name: 'storeMilliseconds', Unit: 'Milliseconds' },
];

const stageMetric = (name: StageName) => `${name}Milliseconds`;

/** What a process has done since its last line: a Lambda function has one request at a time. */
function openTally() {
  const nothing = () => ({ storeCalls: 0, storeFailures: 0, storeMilliseconds: 0 });
  let stores = nothing();
  let stages: Record<string, number> = {};
  storeCallsEnded.watch(({ outcome, ms }) => {
    stores.storeCalls += 1;
    stores.storeMilliseconds += ms;
    if (outcome === 'failed' || outcome === 'throttled') stores.storeFailures += 1;
  });
  stagesEnded.watch(({ name, ms }) => {
    const metric = stageMetric(name);
    stages[metric] = (stages[metric] ?? 0) + ms;
  });
  return () => {
    const taken = { stores, stages };
    stores = nothing();
    stages = {};
    return taken;
  };
}

/**
 * Writes audit lines that CloudWatch also reads metrics from (its embedded metric format), namespace `openfrs`: by `operation`, and
 * of all functions together what calls of the stores and stages of vision took. `errors` are the service's own (500 and
 * above); the first line is the process's cold start. Lambda's console would wrap the line, and metrics are read from the
 * outermost object only.
 */
export function metricsLog(write = toOutput): OnRequest {
  let isCold = true;
  const takeTally = openTally();
  return (line) => {
    write(`${JSON.stringify(withMetrics(line, isCold, takeTally()))}\n`);
    isCold = false;
  };
}

type Tally = ReturnType<ReturnType<typeof openTally>>;

function metricsOf({ stores, stages }: Tally): object[] {
  const looked = Object.keys(stages).map((Name) => ({ Name, Unit: 'Milliseconds' }));
  return [...(stores.storeCalls > 0 ? ofStores : []), ...looked];
}

function numbersOf({ stores, stages }: Tally): object {
  return {
    ...(stores.storeCalls > 0 && { ...stores, storeMilliseconds: tenths(stores.storeMilliseconds) }),
    ...Object.fromEntries(Object.entries(stages).map(([name, ms]) => [name, tenths(ms)])),
  };
}

function withMetrics(line: AuditLine, isCold: boolean, tally: Tally): object {
  const together = metricsOf(tally);
  return {
    _aws: {
      Timestamp: Date.parse(line.time),
      CloudWatchMetrics: [
        group(byOperation, ['operation']),
        ...(together.length > 0 ? [group(together, [])] : []),
      ],
    },
    ...line,
    requests: 1,
    errors: line.status >= 500 ? 1 : 0,
    milliseconds: line.ms,
    coldStarts: isCold ? 1 : 0,
    faces: line.faces ?? 0,
    ...numbersOf(tally),
  };
}

/** Writes metrics of what functions behind queues and schedules do, likewise: maintenance, sweeps, and photos that enrol themselves, with their calls and stages. */
export function workMetricsLog(write = toOutput): void {
  const takeTally = openTally();
  const emit = (values: Readonly<Record<string, readonly [number, 'Count' | 'Seconds']>>) => {
    const tally = takeTally();
    const metrics = [
      ...Object.entries(values).map(([Name, [, Unit]]) => ({ Name, Unit })),
      ...metricsOf(tally),
    ];
    const numbers = Object.fromEntries(Object.entries(values).map(([name, [value]]) => [name, value]));
    const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [group(metrics, [])] };
    write(`${JSON.stringify({ _aws, level: 'info', ...numbers, ...numbersOf(tally) })}\n`);
  };
  sweepsEnded.watch(({ failures, piecesDue, ms }) =>
    emit({
      sweepFailures: [failures, 'Count'],
      compactionPiecesDue: [piecesDue, 'Count'],
      sweepSeconds: [tenths(ms / 1000), 'Seconds'],
    }),
  );
  tasksEnded.watch(({ task, done, ms }) => {
    if (isMaintenance(task))
      emit({
        maintenanceSeconds: [tenths(ms / 1000), 'Seconds'],
        maintenanceFailures: [done ? 0 : 1, 'Count'],
      });
  });
  enrolmentsEnded.watch(({ done, lagMs }) =>
    emit({
      enrolmentLagSeconds: [tenths(lagMs / 1000), 'Seconds'],
      enrolmentFailures: [done ? 0 : 1, 'Count'],
    }),
  );
}

const group = (metrics: readonly object[], dimensions: readonly string[]) => ({
  Namespace: 'openfrs',
  Dimensions: [dimensions],
  Metrics: metrics,
});

const tenths = (value: number) => Math.round(value * 10) / 10;
