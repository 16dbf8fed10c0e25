import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import {
  enrolmentsEnded,
  queueWaitsEnded,
  stagesEnded,
  storeCallsEnded,
  sweepsEnded,
  tasksEnded,
  workerRestarts,
} from '@openfrs/core/observation';
import { createAdmission } from '@openfrs/http';
import { createClients, type DeadLetter } from '@openfrs/store';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMetrics, type Metrics, type Watched } from './metrics.ts';

const operate = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../operate/${name}`, import.meta.url)), 'utf8');

const line = { level: 'audit', time: '', request_id: 'r', project_id: 'p1', user_id: 'u1' } as const;

const open: Metrics[] = [];
afterEach(() => {
  for (const metrics of open.splice(0)) metrics.close();
});

const call = (store: 'dynamodb' | 's3', operation: string) => ({
  ...{ store, operation, startedAt: 0, headers: {} },
});

function counted(deadLetters: NonNullable<Watched['deadLetters']> = { list: async () => [] }) {
  const metrics = createMetrics();
  open.push(metrics);
  metrics.watch({
    admission: createAdmission({ running: 2, waiting: 10, bodyBytes: 12 * 1024 * 1024 }),
    faceSets: { inMemory: () => [{ projectId: 'p1', name: 'u1' }], bytesInMemory: () => 4096 },
    visionPool: { size: 2, running: 1 },
    maintenance: { waiting: 3 },
    deadLetters,
  });
  storeCallsEnded.publish({ call: call('dynamodb', 'GetItem'), outcome: 'ok', ms: 3 });
  stagesEnded.publish({ name: 'embed', startedAt: 0, ms: 40 });
  sweepsEnded.publish({ failures: 0, piecesDue: 2, ms: 1500 });
  enrolmentsEnded.publish({ done: true, lagMs: 2000 });
  queueWaitsEnded.publish({ operation: 'face-detect', outcome: 'begun', ms: 700 });
  tasksEnded.publish({ task: { name: 'compact', startedAt: 0 }, done: true, ms: 2000 });
  metrics.onRequest({ ...line, operation: 'face-detect', status: 200, ms: 120, faces: 3 });
  metrics.onRequest({ ...line, operation: 'face-detect', status: 400, code: 'FRS.0016', ms: 4 });
  return metrics;
}

describe('the metrics', () => {
  it('are OpenMetrics: requests by operation, status and code, their time, and what is under way', async () => {
    const text = await counted().text();
    expect(text).toContain('openfrs_requests_total{operation="face-detect",status="200",code=""} 1');
    expect(text).toContain('openfrs_requests_total{operation="face-detect",status="400",code="FRS.0016"} 1');
    expect(text).toContain('openfrs_request_seconds_bucket{le="0.25",operation="face-detect"} 2');
    expect(text).toContain('openfrs_faces_total{operation="face-detect"} 3');
    expect(text).toContain('openfrs_heavy_waiting 0');
    expect(text.trimEnd()).toMatch(/# EOF$/);
  });

  it('tell how long engines and models take, what indexes hold, what waits, and what was replaced', async () => {
    const metrics = counted();
    workerRestarts.publish({ worker: 'vision' });
    enrolmentsEnded.publish({ done: false, lagMs: 7_200_000 });
    sweepsEnded.publish({ failures: 1, piecesDue: 5, ms: 10 });
    queueWaitsEnded.publish({ operation: 'face-detect', outcome: 'refused', ms: 29_000 });
    for (const name of ['purge', 'sweep', 'enrol'] as const)
      tasksEnded.publish({ task: { name, startedAt: 0 }, done: false, ms: 50 });
    const text = await metrics.text();
    for (const line of [
      'openfrs_store_seconds_bucket{le="0.005",store="dynamodb",operation="GetItem",outcome="ok"} 1',
      'openfrs_stage_seconds_bucket{le="0.05",stage="embed"} 1',
      'openfrs_index_bytes 4096',
      'openfrs_index_sets 1',
      'openfrs_vision_workers 2',
      'openfrs_vision_running 1',
      'openfrs_maintenance_waiting 3',
      'openfrs_compaction_pieces_due 5',
      'openfrs_queue_seconds_bucket{le="0.5",operation="face-detect",outcome="begun"} 0',
      'openfrs_queue_seconds_bucket{le="1",operation="face-detect",outcome="begun"} 1',
      'openfrs_queue_seconds_bucket{le="30",operation="face-detect",outcome="refused"} 1',
      'openfrs_maintenance_seconds_bucket{le="10",task="compact",outcome="done"} 1',
      'openfrs_maintenance_seconds_bucket{le="0.1",task="purge",outcome="failed"} 1',
      'openfrs_sweep_failures_total 1',
      'openfrs_sweep_seconds_count 2',
      'openfrs_enrolment_lag_seconds_bucket{le="5",outcome="done"} 1',
      'openfrs_enrolment_lag_seconds_bucket{le="3600",outcome="failed"} 0',
      'openfrs_worker_restarts_total{worker="vision"} 1',
      'openfrs_worker_restarts_total{worker="stores"} 0',
    ])
      expect(text).toContain(line);
    expect(text).not.toMatch(/task="(sweep|enrol)"/);
    const [, at] = /^openfrs_sweep_success_timestamp_seconds (\S+)$/m.exec(text) ?? [];
    expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('count dead letters once a minute, and a table that fails keeps no scrape from the rest', async () => {
    const list = vi.fn(async () => [{} as DeadLetter, {} as DeadLetter]);
    const metrics = counted({ list });
    await metrics.text();
    expect(await metrics.text()).toContain('openfrs_dead_letters 2');
    expect(list).toHaveBeenCalledTimes(1);
    const failing = counted({ list: () => Promise.reject(new Error('down')) });
    expect(await failing.text()).toMatch(/openfrs_dead_letters Nan[\s\S]*# EOF/i);
  });

  it('measure what the clients of the engines do, also in vain', async () => {
    const metrics = counted();
    const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
    const nowhere = 'http://127.0.0.1:9';
    const clients = createClients({
      ...{ region: 'r', dynamodbEndpoint: nowhere, s3Endpoint: nowhere, credentials },
    });
    await expect(clients.dynamodb.send(new ListTablesCommand({}))).rejects.toThrow();
    await expect(clients.s3.send(new ListBucketsCommand({}))).rejects.toThrow();
    clients.destroy();
    const text = await metrics.text();
    const failed = (of: string) => `openfrs_store_seconds_count{${of},outcome="failed"} 1`;
    expect(text).toContain(failed('store="dynamodb",operation="ListTables"'));
    expect(text).toContain(failed('store="s3",operation="ListBuckets"'));
  });

  it('say nothing of projects, users and requests', async () => {
    expect(await counted().text()).not.toMatch(/p1|u1|"r"/);
  });

  it('are described in the manual, each', async () => {
    const manual = readFileSync(new URL('../../../docs/monitoring.md', import.meta.url), 'utf8');
    const described = new Set(manual.match(/\bopenfrs_[a-z_]+/g));
    const names = [...(await counted().text()).matchAll(/^# TYPE (openfrs_\w+)/gm)].map(([, name]) => name);
    expect([...described].sort()).toEqual([...new Set(names)].sort());
  });

  it('have every name that the dashboard and the alerts ask for', async () => {
    const text = await counted().text();
    const asked = [operate('grafana-dashboard.json'), operate('alerts.yml')].join('\n');
    const names = new Set(asked.match(/\b(openfrs|process|nodejs)_[a-z0-9_]+/g));
    expect(names.size).toBeGreaterThan(6);
    for (const name of names) expect(text, name).toMatch(new RegExp(`^${name}(\\{| )`, 'm'));
  });
});
