import { expect, it } from 'vitest';
import type { Frame } from '../geometry/frame.ts';
import { hasPoorLight, withLocalContrast } from './local-contrast.ts';

/** A picture of 160 × 120 of greys. */
function picture(level: (x: number, y: number) => number): Frame {
  const [width, height] = [160, 120];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return Math.round(level(pixel % width, Math.floor(pixel / width)));
  });
  return { width, height, data };
}

const ramp = (x: number) => (255 * x) / 159;
const spread = ({ data }: Frame) => Math.max(...data) - Math.min(...data);

it('fog, night, glare and a bright background are poor light; daylight is not', () => {
  expect(hasPoorLight(picture((x) => 60 + 0.6 * ramp(x)))).toBe(false);
  expect(hasPoorLight(picture((x) => 200 + 0.1 * ramp(x)))).toBe(true);
  expect(hasPoorLight(picture((x) => (x < 20 ? 200 : 2)))).toBe(true);
  expect(hasPoorLight(picture((x) => (x < 40 ? 90 : 245)))).toBe(true);
  expect(hasPoorLight(picture((x) => (x < 50 ? 20 : 230)))).toBe(true);
});

it('what differs by a few levels in fog differs by many', () => {
  expect(spread(withLocalContrast(picture((x) => 200 + 0.1 * ramp(x))))).toBeGreaterThan(200);
});

it('detail in the dark part of a picture is raised, and the bright part is not burnt out', () => {
  const dark = (x: number, y: number) => (x < 80 ? 8 + 6 * (y % 2) : 120 + 60 * (y % 2));
  const { data, width } = withLocalContrast(picture(dark));
  const at = (x: number, y: number) => data[(y * width + x) * 3] as number;
  expect(Math.abs(at(20, 61) - at(20, 60))).toBeGreaterThan(12);
  expect(at(140, 61)).toBeGreaterThan(at(140, 60) + 30);
});

it('a picture of one level has no contrast to raise', () => {
  expect(spread(withLocalContrast(picture(() => 77)))).toBe(0);
});
