import {
  enrolmentsEnded,
  isMaintenance,
  queueWaitsEnded,
  stagesEnded,
  storeCallsEnded,
  sweepsEnded,
  tasksEnded,
  workerRestarts,
} from '@openfrs/core/observation';
import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';

/** Seconds: from an item of an embedded store to parts of a segment. */
const storeLatencies = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds: from a warm model on a small face to all frames of a video. */
const stageLatencies = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds: from a set of some faces to all sets of a large service. */
const sweepLatencies = [0.1, 1, 10, 60, 300, 600, 1800, 3600];
/** Seconds: from a free place to the longest that may be waited for one. */
const waits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds: from the next look at a bucket to the days for which a photo is tried again. */
const lags = [1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600, 96 * 3600];

const workers = ['vision', 'maintenance', 'stores', 'passwords'] as const;

/** Measures what goes on inside of the process, and in its threads and workers. @returns what ends it */
export function measureWork(registry: Registry<OpenMetricsContentType>): () => void {
  const registers = [registry];
  const storeSeconds = new Histogram({
    name: 'openfrs_store_seconds',
    help: 'From a call of DynamoDB, S3 or SQS to the head of its answer, repetitions included.',
    labelNames: ['store', 'operation', 'outcome'],
    buckets: storeLatencies,
    registers,
  });
  const stageSeconds = new Histogram({
    name: 'openfrs_stage_seconds',
    help: 'What a stage took of a picture or a video: decoding, and each of the models.',
    labelNames: ['stage'],
    buckets: stageLatencies,
    registers,
  });
  const queueSeconds = new Histogram({
    name: 'openfrs_queue_seconds',
    help: 'What operations on pictures and videos waited for their turn.',
    labelNames: ['operation', 'outcome'],
    buckets: waits,
    registers,
  });
  const maintenanceSeconds = new Histogram({
    name: 'openfrs_maintenance_seconds',
    help: 'What a task of maintenance took: new segments, or clearing away a deleted set.',
    labelNames: ['task', 'outcome'],
    buckets: sweepLatencies,
    registers,
  });
  const sweepSeconds = new Histogram({
    name: 'openfrs_sweep_seconds',
    help: 'What a pass of maintenance over all face sets took.',
    buckets: sweepLatencies,
    registers,
  });
  const sweepFailures = new Counter({
    name: 'openfrs_sweep_failures',
    help: 'Face sets whose maintenance failed in a pass.',
    registers,
  });
  const sweptAt = new Gauge({
    name: 'openfrs_sweep_success_timestamp_seconds',
    help: 'When the last pass of this server without a failure ended; 0: none yet.',
    registers,
  });
  const piecesDue = new Gauge({
    name: 'openfrs_compaction_pieces_due',
    help: 'Segments that were due to be written when the last pass of this server came by.',
    registers,
  });
  const enrolmentLag = new Histogram({
    name: 'openfrs_enrolment_lag_seconds',
    help: 'From putting a photo under enrol/ to its faces, or to an attempt that failed.',
    labelNames: ['outcome'],
    buckets: lags,
    registers,
  });
  const restarts = new Counter({
    name: 'openfrs_worker_restarts',
    help: 'Threads and processes of the service that a fault ended, and that were replaced.',
    labelNames: ['worker'],
    registers,
  });
  for (const worker of workers) restarts.inc({ worker }, 0);
  const watches = [
    storeCallsEnded.watch(({ call: { store, operation }, outcome, ms }) =>
      storeSeconds.observe({ store, operation, outcome }, ms / 1000),
    ),
    stagesEnded.watch(({ name, ms }) => stageSeconds.observe({ stage: name }, ms / 1000)),
    queueWaitsEnded.watch(({ operation, outcome, ms }) =>
      queueSeconds.observe({ operation, outcome }, ms / 1000),
    ),
    tasksEnded.watch(({ task, done, ms }) => {
      if (isMaintenance(task))
        maintenanceSeconds.observe({ task: task.name, outcome: done ? 'done' : 'failed' }, ms / 1000);
    }),
    sweepsEnded.watch(({ failures, piecesDue: due, ms }) => {
      sweepSeconds.observe(ms / 1000);
      piecesDue.set(due);
      sweepFailures.inc(failures);
      if (failures === 0) sweptAt.set(Date.now() / 1000);
    }),
    enrolmentsEnded.watch(({ done, lagMs }) =>
      enrolmentLag.observe({ outcome: done ? 'done' : 'failed' }, lagMs / 1000),
    ),
    workerRestarts.watch(({ worker }) => restarts.inc({ worker })),
  ];
  return () => {
    for (const end of watches) end();
  };
}
