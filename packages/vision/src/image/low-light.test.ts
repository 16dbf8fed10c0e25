import { expect, it } from 'vitest';
import type { Frame } from '../geometry/frame.ts';
import { correctLowLight } from './low-light.ts';

/** A ramp from black to `brightest`. */
function ramp(brightest: number): Frame {
  const data = new Uint8Array(200 * 100 * 3);
  for (let pixel = 0; pixel < 20_000; pixel += 1)
    data.fill(Math.round((brightest * (pixel % 200)) / 199), pixel * 3, pixel * 3 + 3);
  return { width: 200, height: 100, data };
}

it('a picture in daylight is left alone, without a copy', async () => {
  for (const frame of [ramp(255), ramp(120)]) expect(await correctLowLight(frame)).toBe(frame);
});

it('a dark picture is brightened, and stays in proportion', async () => {
  const { width, height, data } = await correctLowLight(ramp(50));
  expect([width, height, data.length]).toEqual([200, 100, 60_000]);
  expect(Math.max(...data)).toBeGreaterThan(150);
  expect(Math.max(...data)).toBeLessThan(200);
  expect(Math.abs((data[100 * 3] as number) - (data[199 * 3] as number) / 2)).toBeLessThan(4);
});

it('a black picture stays black', async () => {
  expect(Math.max(...(await correctLowLight(ramp(0))).data)).toBe(0);
});
