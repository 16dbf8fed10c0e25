import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createAdmission } from '@openfrs/http';
import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const operate = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../operate/${name}`, import.meta.url)), 'utf8');

const line = { level: 'audit', time: '', request_id: 'r', project_id: 'p1', user_id: 'u1' } as const;

function counted() {
  const metrics = createMetrics();
  metrics.watch(createAdmission({ running: 2, waiting: 10, bodyBytes: 12 * 1024 * 1024 }));
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

  it('say nothing of projects, users and requests', async () => {
    expect(await counted().text()).not.toMatch(/p1|u1|"r"/);
  });

  it('have every name that the dashboard and the alerts ask for', async () => {
    const text = await counted().text();
    const asked = [operate('grafana-dashboard.json'), operate('alerts.yml')].join('\n');
    const names = new Set(asked.match(/\b(openfrs|process|nodejs)_[a-z0-9_]+/g));
    expect(names.size).toBeGreaterThan(6);
    for (const name of names) expect(text, name).toMatch(new RegExp(`^${name}(\\{| )`, 'm'));
  });
});
