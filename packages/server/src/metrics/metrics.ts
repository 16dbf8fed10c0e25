import type { Admission, OnRequest } from '@openfrs/http';
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client';

export interface Metrics {
  readonly contentType: string;
  /** Counts a request that was answered. */
  readonly onRequest: OnRequest;
  /** Reports what is under way from here on. */
  watch(admission: Admission): void;
  /** All of them, in OpenMetrics. */
  text(): Promise<string>;
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
  return {
    contentType: registry.contentType,
    onRequest({ operation, status, code = '', ms, faces: found }) {
      requests.inc({ operation, status, code });
      seconds.observe({ operation }, ms / 1000);
      if (found !== undefined) faces.inc({ operation }, found);
    },
    watch({ queue, memory, pictures }) {
      const gauge = (name: string, help: string, value: () => number) =>
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(value());
          },
        });
      gauge('openfrs_heavy_running', 'Operations on pictures and videos under way.', () => queue.running);
      gauge('openfrs_heavy_waiting', 'Such operations that wait their turn.', () => queue.waiting);
      gauge('openfrs_body_bytes', 'Bodies of requests in memory.', () => memory.reserved);
      gauge('openfrs_picture_bytes', 'What pictures under way are decoded to.', () => pictures.reserved);
    },
    text: () => registry.metrics(),
  };
}
