import { request } from 'node:http';
import type { FrsOperationName } from '@openfrs/contract';
import type { Admission } from '@openfrs/http';
import { parts } from '@openfrs/service';
import { describe, expect, it, vi } from 'vitest';
import { call, done, tokenOf } from '../../contract/support/client.ts';
import { localService, service } from '../../contract/support/service.ts';
import type { Account } from '../../support/account.ts';
import { photo } from '../../support/photos.ts';
import { withLimits } from '../support/changeable-admission.ts';
import { fixture } from '../support/fixture.ts';

const image_base64 = photo(1).toString('base64');

interface Timed {
  readonly status: number;
  readonly code: string | undefined;
  readonly ms: number;
  /** When it was answered. */
  readonly at: number;
}

async function timed(name: FrsOperationName, account: Account, json?: unknown): Promise<Timed> {
  const started = performance.now();
  const { status, body } = await call(name, { account, ...(json !== undefined && { json }) });
  const at = performance.now();
  return { status, code: (body as { error_code?: string }).error_code, ms: at - started, at };
}

const p99 = (all: readonly Timed[]) => {
  const sorted = all.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
};

/** A narrow queue: 2 at a time, 20 may wait. */
const narrow = (work: () => Promise<void>) =>
  withLimits({ running: 2, waiting: 20, bodyBytes: 128 * 1024 * 1024 }, work);

/** Takes both places, so that all others wait until it gives them back. */
function hold(queue: Admission['queue']): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  for (const operation of ['one', 'two']) void queue.run({ project: 'nobody', operation }, () => held);
  return release;
}

describe('overload', () => {
  it('40 pictures at once: none fails, too many are FRS.0033 at once, and lists are answered meanwhile', () =>
    narrow(async () => {
      await done('face-set-list', { account: fixture.victim });
      const { queue } = localService().resolve(parts.admission);
      const memory = process.memoryUsage().rss;
      let over = false;
      const flood = Promise.all(
        Array.from({ length: 40 }, () => timed('face-detect', fixture.attacker, { image_base64 })),
      ).finally(() => {
        over = true;
      });
      // Another project's one picture, in the middle of it: had it come before the second, the flood would have one place of the two.
      await vi.waitFor(() => expect(queue.running).toBe(2), { timeout: 50_000, interval: 1 });
      const other = timed('face-detect', fixture.victim, { image_base64 });
      const lists: Timed[] = [];
      while (!over) lists.push(await timed('face-set-list', fixture.victim));
      const answers = await flood;
      const served = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status !== 200);
      // Two at once, and of the line a quarter for one project's one operation.
      expect(served.length).toBeGreaterThanOrEqual(2 + 5);
      expect(refused.length).toBeGreaterThan(0);
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['FRS.0033']));
      expect((await other).status).toBe(200);
      expect(lists.every(({ status }) => status === 200)).toBe(true);
      const grown = Math.round((process.memoryUsage().rss - memory) / 2 ** 20);
      process.stdout.write(
        `overload: ${served.length} served, ${refused.length} refused (p99 ${Math.round(p99(refused))} ms), ${lists.length} lists (p99 ${Math.round(p99(lists))} ms), ${grown} MB more\n`,
      );
      // One after the other: had they stood in the pictures' line, one would have lasted as long as the flood.
      expect(lists.length).toBeGreaterThan(3);
      expect(grown).toBeLessThan(600);
    }));

  it.each([
    ['another project', () => timed('face-detect', fixture.victim, { image_base64 })],
    [
      'another operation of the same project',
      () =>
        timed('face-compare', fixture.attacker, { image1_base64: image_base64, image2_base64: image_base64 }),
    ],
  ] as const)('%s gets its turn before a flood that came first', (_, ask) =>
    narrow(async () => {
      const { queue } = localService().resolve(parts.admission);
      const release = hold(queue);
      const flood = Array.from({ length: 12 }, () =>
        timed('face-detect', fixture.attacker, { image_base64 }),
      );
      await vi.waitFor(() => expect(queue.waiting).toBe(5), { timeout: 50_000, interval: 5 });
      const asked = ask();
      await vi.waitFor(() => expect(queue.waiting).toBe(6), { timeout: 50_000, interval: 5 });
      release();
      const other = await asked;
      expect(other.status).toBe(200);
      const later = (await Promise.all(flood)).filter(({ at, status }) => status === 200 && at > other.at);
      expect(later.length).toBeGreaterThan(0);
    }),
  );

  it('what clients that left were waiting for is not done', () =>
    narrow(async () => {
      const { queue } = localService().resolve(parts.admission);
      const release = hold(queue);
      const token = await tokenOf(fixture.attacker);
      const body = JSON.stringify({ image_base64 });
      const leavers = Array.from({ length: 12 }, () => {
        const sent = request(`${service.endpoint}/v2/${fixture.attacker.projectId}/face-detect`, {
          method: 'POST',
          headers: { 'X-Auth-Token': token, 'Content-Length': body.length },
          agent: false,
        });
        sent.on('error', () => {});
        sent.end(body);
        return sent;
      });
      await vi.waitFor(() => expect(queue.waiting).toBe(5), { timeout: 50_000, interval: 5 });
      for (const leaver of leavers) leaver.destroy();
      await vi.waitFor(() => expect(queue.waiting).toBe(0), { timeout: 50_000, interval: 5 });
      release();
      expect((await timed('face-detect', fixture.attacker, { image_base64 })).status).toBe(200);
      await vi.waitFor(() => expect([queue.running, queue.waiting]).toEqual([0, 0]), { timeout: 50_000 });
      expect(localService().resolve(parts.admission).memory.reserved).toBe(0);
    }));
});
