import { performance } from 'node:perf_hooks';
import { FrsError } from '@openfrs/contract';
import { readConfig } from '@openfrs/core/config.ts';
import { createVision } from '@openfrs/vision';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { photo, plainPicture } from '../../../../test/support/photos.ts';
import { startVisionPool, type VisionPool } from './pool.ts';

const { modelsDir, minFacePx } = readConfig();
let pool: VisionPool;
beforeAll(async () => {
  pool = await startVisionPool({ modelsDir, minFacePx, ffmpegPath: null, size: 2 });
});
afterAll(() => pool.close());

describe('threads that look at pictures', () => {
  it('see what this thread would', async () => {
    const own = await createVision({ modelsDir, minFacePx });
    const options = { faces: 'all', purpose: 'enrol' } as const;
    const [here, there] = [await own.describe(photo(1), options), await pool.describe(photo(1), options)];
    expect(there.map(({ box, quality }) => ({ box, quality }))).toEqual(
      here.map(({ box, quality }) => ({ box, quality })),
    );
    for (const [at, { vector }] of there.entries()) {
      const cosine = vector.reduce((sum, value, i) => sum + value * (here[at]?.vector[i] ?? 0), 0);
      expect(cosine).toBeGreaterThan(0.9999);
    }
    expect(await pool.detect(photo(2), { attributes: ['1', '2'] })).toEqual(
      await own.detect(photo(2), { attributes: ['1', '2'] }),
    );
    expect(pool.model).toMatchObject({ id: own.model.id, dimension: own.model.dimension });
    expect(pool.model.similarity(0.5)).toBe(own.model.similarity(0.5));
    await own.close();
  });

  it('leave the file with its owner, and look at no more than that', async () => {
    const large = Buffer.concat([Buffer.alloc(1000), photo(4), Buffer.alloc(1000)]);
    const part = large.subarray(1000, large.length - 1000);
    expect(await pool.detect(part)).toEqual(await pool.detect(photo(4)));
    expect(part.equals(photo(4))).toBe(true);
  });

  it('refuse with the codes of the contract, and what was wrong', async () => {
    const refusal = await pool.detect(Buffer.from('no picture')).catch((error) => error);
    expect(refusal).toBeInstanceOf(FrsError);
    expect(refusal.code).toBe('FRS.0016');
    const own = await createVision({ modelsDir, minFacePx });
    const same = await own.detect(plainPicture(5000, 20)).catch((error) => error);
    const other = await pool.detect(plainPicture(5000, 20)).catch((error) => error);
    expect([other.code, other.message]).toEqual([same.code, same.message]);
    await own.close();
    await expect(pool.judgePhoto(plainPicture(300, 300))).rejects.toMatchObject({ code: 'FRS.0707' });
    const request = { actions: [1 as const], nodThreshold: 10 };
    await expect(pool.judgeVideo(Buffer.from('no video'), request)).rejects.toMatchObject({
      code: 'FRS.0701',
    });
  });

  it('leave this thread free, and are as many as there is work for', async () => {
    const before = performance.eventLoopUtilization();
    const all = Array.from({ length: 12 }, () => pool.detect(photo(1)));
    const [first, ...others] = await Promise.all(all);
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
    for (const other of others) expect(other).toEqual(first);
    expect(pool.size).toBe(2);
  });

  it('that fail take their own work with them, and are replaced', async () => {
    const { Worker } = await import('node:worker_threads');
    const failing = await startVisionPool({ modelsDir, minFacePx, ffmpegPath: null, size: 1 });
    const sent = vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: unknown) {
      void (this as InstanceType<typeof Worker>).terminate();
    });
    await expect(failing.detect(photo(1))).rejects.toThrow('The vision thread failed');
    sent.mockRestore();
    expect(failing.size).toBe(0);
    expect((await failing.detect(photo(3))).length).toBeGreaterThan(0);
    await failing.close();
    expect(failing.size).toBe(0);
    await failing.close();
  });

  it('that find no models say so at the start', async () => {
    const modelsDir = '/nowhere/models';
    await expect(startVisionPool({ modelsDir, minFacePx, ffmpegPath: null })).rejects.toThrow(/model/i);
  });
});
