import { expect, it } from 'vitest';
import { randomFrom } from '../../test/support.ts';
import { type Planes, startsOf } from '../planes.ts';
import { Kernel, workBytes } from './kernel.ts';

const rows = 2048;
/** A bound beyond a plane that every row is within. */
const far = 0xffff_ffff;

/** Rows of random codes of which so many of each 300 are there, a query, and the rows that reach a floor with their estimates. */
function scene(planes: Planes, shares: readonly number[]) {
  const random = randomFrom(planes[0] * shares.length);
  const stride = planes.reduce((sum, bytes) => sum + bytes);
  const kernel = new Kernel(rows * (stride + 12));
  const begins = startsOf(planes).map((start) => workBytes + start * rows);
  const [scalesAt, errorsAt, remaindersAt] = [0, 4, 8].map((at) => workBytes + rows * (stride + at));
  const codes = new Int8Array(rows * stride).map(() => Math.floor(random() * 255) - 127);
  new Int8Array(kernel.buffer, workBytes).set(codes);
  const scales = new Float32Array(rows).map(() => 0.001 + random() / 1000);
  new Float32Array(kernel.buffer, scalesAt!).set(scales);
  const isThere = (row: number) => random() < shares[Math.floor(row / 300) % shares.length]!;
  const errors = Float32Array.from({ length: rows }, (_, row) => (isThere(row) ? random() / 100 : -Infinity));
  new Float32Array(kernel.buffer, errorsAt!).set(errors);
  new Uint32Array(kernel.buffer, remaindersAt, rows).fill(far);
  const ints = Int16Array.from({ length: stride }, () => Math.floor(random() * 2000) - 1000);
  const unit = Math.fround(1e-4);
  kernel.setQuery({ ints, unit, slack: 0, lengths: [1, 1] });
  const addresses = {
    ...{ planes: begins as unknown as Planes, bytes: planes },
    ...{ scales: scalesAt!, errors: errorsAt!, remainders: remaindersAt! },
  };
  const estimateOf = (row: number) => {
    let sum = 0;
    for (const [plane, start] of startsOf(planes).entries()) {
      const own = begins[plane]! - workBytes + row * planes[plane]!;
      for (let i = 0; i < planes[plane]!; i += 1) sum += codes[own + i]! * ints[start + i]!;
    }
    return Math.fround(Math.fround(Math.fround(sum) * scales[row]!) * unit);
  };
  const reaching = (start: number, end: number, floor: number) =>
    Array.from({ length: end - start }, (_, i) => [start + i, estimateOf(start + i)] as const).filter(
      ([row, estimate]) => Math.fround(estimate + errors[row]!) >= floor,
    );
  return { kernel, addresses, reaching };
}

it.each([
  ['one plane', [96, 0, 0]],
  ['two planes', [64, 32, 0]],
  ['three planes', [32, 64, 32]],
] as const)(
  'finds the rows that reach a floor by all of their numbers, few and many in turn: %s',
  (_, planes) => {
    for (const shares of [[1], [0.05], [0.05, 1, 0, 0.2]]) {
      const { kernel, addresses, reaching } = scene(planes, shares);
      for (const [start, end] of [
        [0, rows],
        [132, 1500],
      ] as const) {
        for (const floor of [-1, 0, 0.02]) {
          const found = kernel.scan(addresses, start, end, Math.fround(floor));
          const pairs = Array.from({ length: found }, (_, i) => [
            kernel.found[2 * i]!,
            kernel.estimates[2 * i + 1]!,
          ]);
          expect(pairs).toEqual(reaching(start, end, Math.fround(floor)));
        }
      }
    }
  },
);
