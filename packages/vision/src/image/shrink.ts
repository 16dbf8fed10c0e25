import { LRUCache } from 'lru-cache';
import type { Frame } from '../geometry/frame.ts';
import { kernel } from '../kernel/kernel.ts';

/** The kernel's weights are whole numbers, of which this is one. */
const one = 4096;
/** Places between two pixels that weights are computed for. */
const places = 64;
/** Bytes that the kernel handles at once, and may touch behind what it is given. */
const vector = 16;
const aligned = (address: number) => Math.ceil(address / vector) * vector;

/**
 * The frame shrunk to whole pixels, each a mean of those about it by their distance (a triangle as wide as two of the new pixels): the
 * bytes that sharp's linear kernel gives, whose rounding (libvips 8.18, reducev and reduceh) this follows. Undefined where a side grows,
 * stays, has hardly any pixels or shrinks by four and more, which sharp does in another way.
 */
export function shrunk({ width, height, data }: Frame, columns: number, rows: number): Frame | undefined {
  const across = weightTable(width, columns);
  const down = weightTable(height, rows);
  if (across === undefined || down === undefined) return undefined;
  const size = columns * rows * 3;
  const acrossAt = aligned(data.length + vector);
  const downAt = aligned(acrossAt + across.bytes.length);
  const rowAt = aligned(downAt + down.bytes.length);
  const outAt = aligned(rowAt + width * 3 + vector);
  const { run, bytes } = kernel(outAt + size + vector);
  bytes.set(data);
  bytes.set(across.bytes, acrossAt);
  bytes.set(down.bytes, downAt);
  run.shrink(
    ...([0, width, outAt, columns, rows] as const),
    ...([acrossAt, across.pairs, downAt, down.pairs, rowAt] as const),
  );
  return { width: columns, height: rows, data: bytes.slice(outAt, outAt + size) };
}

interface WeightTable {
  readonly bytes: Uint8Array;
  readonly pairs: number;
}

/** Weights of the sizes asked for last: those of one camera's pictures come again and again, and take as long as a small picture. */
const tables = new LRUCache<string, WeightTable>({ max: 32 });

function weightTable(from: number, to: number): WeightTable | undefined {
  const sizes = `${from} ${to}`;
  const table = tables.get(sizes) ?? newWeightTable(from, to);
  if (table) tables.set(sizes, table);
  return table;
}

/** Along one axis: for each new pixel the first old one, in 32 bits, and the weights of `pairs` × 2 neighbours from there on, in 16 each. */
function newWeightTable(from: number, to: number): WeightTable | undefined {
  const factor = from / to;
  const points = roundedToEven(2 * factor) + 1;
  const pairs = Math.ceil(points / 2);
  const taps = 2 * pairs;
  if (factor <= 1 || factor >= 4 || taps > from) return undefined;
  const masks = Array.from({ length: places + 1 }, (_, place) => maskAt(place / places, factor, points));
  const entry = 4 + 2 * taps;
  const view = new DataView(new ArrayBuffer(to * entry));
  for (let index = 0; index < to; index += 1) {
    const at = (index + 0.5) * factor - (points % 2 === 0 ? 0.5 : 0);
    const mask = masks[((Math.floor(at * places * 2) % (places * 2)) + 1) >> 1] as readonly number[];
    const least = Math.floor(at) - Math.ceil(points / 2) + 1;
    const first = Math.min(Math.max(least, 0), from - taps);
    view.setInt32(index * entry, first, true);
    // What lies beyond the edge is as the edge.
    for (const [tap, weight] of mask.entries()) {
      const within = Math.min(Math.max(least + tap, 0), from - 1) - first;
      const place = index * entry + 4 + 2 * within;
      view.setInt16(place, view.getInt16(place, true) + weight, true);
    }
  }
  return { bytes: new Uint8Array(view.buffer), pairs };
}

/** The weights of `points` neighbours for a place between the two in their middle, [0, 1]. */
function maskAt(place: number, factor: number, points: number): number[] {
  const middle = place + points / 2 - 1;
  const weights = Array.from({ length: points }, (_, point) =>
    Math.max(0, 1 - Math.abs((point - middle) / factor)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.floor((weight / sum) * one));
}

function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  return isHalf ? below + (below % 2) : Math.round(value);
}
