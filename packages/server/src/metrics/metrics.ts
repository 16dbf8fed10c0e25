import type { Admission, OnRequest } from '@openfrs/http';
import type { StoredDeadLetters, StoredFaceSets } from '@openfrs/store';
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client';
import type { MaintenanceThread } from '../maintenance/maintenance-thread.ts';
import type { VisionPool } from '../vision/pool.ts';
import { deadLetterCount } from './dead-letter-count.ts';
import { measureWork } from './work-metrics.ts';

export interface Metrics {
  readonly contentType: string;
  /** Counts a request that was answered. */
  readonly onRequest: OnRequest;
  /** Reports what is under way from here on. */
  watch(parts: Watched): void;
  /** All of them, in OpenMetrics. */
  text(): Promise<string>;
  /** Measures no more. */
  close(): void;
}

/** What is looked at when it is asked for. */
export interface Watched {
  readonly admission: Admission;
  readonly faceSets: Pick<StoredFaceSets, 'inMemory' | 'bytesInMemory'>;
  readonly visionPool: Pick<VisionPool, 'size' | 'running'>;
  /** Absent where a queue of AWS has its tasks, which CloudWatch counts. */
  readonly maintenance?: Pick<MaintenanceThread, 'waiting'>;
  /** Absent likewise. */
  readonly deadLetters?: Pick<StoredDeadLetters, 'list'>;
}

/** Seconds: from a list to a video on a busy machine. */
const latencies = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What one process counts. Labels are operations, statuses and codes: nothing of a project, a user or a face. */
export function createMetrics(): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  collectDefaultMetrics({ register: registry as unknown as Registry });
  const requests = new Counter({
    name: 'openfrs_requests',
    help: 'Requests that were answered.',
    labelNames: ['operation', 'status', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'openfrs_request_seconds',
    help: 'From a request to its answer.',
    labelNames: ['operation'],
    buckets: latencies,
    registers,
  });
  const faces = new Counter({
    name: 'openfrs_faces',
    help: 'Faces in answers.',
    labelNames: ['operation'],
    registers,
  });
  const close = measureWork(registry);
  return {
    contentType: registry.contentType,
    onRequest({ operation, status, code = '', ms, faces: found }) {
      requests.inc({ operation, status, code });
      seconds.observe({ operation }, ms / 1000);
      if (found !== undefined) faces.inc({ operation }, found);
    },
    watch({ admission: { queue, memory, pictures }, faceSets, visionPool, maintenance, deadLetters }) {
      const gauge = (name: string, help: string, value: () => number | Promise<number>) =>
        new Gauge({
          name,
          help,
          registers,
          async collect() {
            this.set(await value());
          },
        });
      gauge('openfrs_heavy_running', 'Operations on pictures and videos under way.', () => queue.running);
      gauge('openfrs_heavy_waiting', 'Such operations that wait their turn.', () => queue.waiting);
      gauge('openfrs_body_bytes', 'Bodies of requests in memory.', () => memory.reserved);
      gauge('openfrs_picture_bytes', 'What pictures under way are decoded to.', () => pictures.reserved);
      gauge('openfrs_vision_workers', 'Processes that look at pictures and videos.', () => visionPool.size);
      gauge(
        'openfrs_vision_running',
        'Calls that these have begun and not finished.',
        () => visionPool.running,
      );
      gauge('openfrs_index_bytes', 'Search indexes in memory.', () => faceSets.bytesInMemory());
      gauge('openfrs_index_sets', 'Face sets whose index is in memory.', () => faceSets.inMemory().length);
      if (maintenance) {
        gauge(
          'openfrs_maintenance_waiting',
          'Maintenance tasks that wait for the one under way.',
          () => maintenance.waiting,
        );
      }
      if (deadLetters) {
        gauge(
          'openfrs_dead_letters',
          'Photos put under enrol/ that were given up and not retried since, 1000 at most.',
          deadLetterCount(deadLetters),
        );
      }
    },
    text: () => registry.metrics(),
    close,
  };
}
