import type { Affine } from '../geometry/affine.ts';
import type { Frame } from '../geometry/frame.ts';
import { kernel } from '../kernel/kernel.ts';
import type { Pixels } from '../runtime/sessions.ts';

/** Room for `count` crops; `background` is the grey, 0..255, of what lies beyond the frame. */
export function newCrops(count: number, width: number, height: number, background = 0): Pixels {
  const data = new Uint8Array(count * width * height * 3);
  return { count, width, height, data: background === 0 ? data : data.fill(background) };
}

/** Bytes that the kernel may read or write behind what it is given, and those of its spare vector. */
const behind = 16;

/**
 * Samples the frame bilinearly along `map` (crop pixel → frame pixel) into crop number `index`. Pixels outside the frame stay
 * as they are; at its edge, neighbours outside are black. One pass of the kernel over the part of the frame that the crop shows.
 * For a map that shrinks, see `crop-faces.ts`.
 */
export function warpInto(frame: Frame, map: Affine, crops: Pixels, index: number): void {
  const { width, height } = crops;
  const part = partSeen(frame, map, width, height);
  if (!(part.columns >= 2 && part.rows >= 2)) return;
  const step = part.columns * 3;
  const cropBytes = width * height * 3;
  const cropAt = (part.rows * step + behind + 15) & ~15;
  const spareAt = (cropAt + cropBytes + behind + 15) & ~15;
  const { run, bytes } = kernel(spareAt + behind);
  copyPart(frame, part, bytes);
  const crop = crops.data.subarray(index * cropBytes, (index + 1) * cropBytes);
  bytes.set(crop, cropAt);
  run.warp(
    ...([0, step, part.left, part.top, part.columns, part.rows, frame.width, frame.height] as const),
    ...([map.a, map.b, map.tx, map.c, map.d, map.ty] as const),
    ...([cropAt, width, height, spareAt] as const),
  );
  crop.set(bytes.subarray(cropAt, cropAt + cropBytes));
}

/** A rectangle of the frame; its outermost pixels may lie one beyond the frame's edge. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

function partSeen(frame: Frame, map: Affine, width: number, height: number): Part {
  const [x, y] = [extent(map.a, map.b, map.tx), extent(map.c, map.d, map.ty)];
  const left = Math.max(-1, Math.floor(x.least));
  const top = Math.max(-1, Math.floor(y.least));
  const right = Math.min(frame.width, Math.floor(x.most) + 1);
  const bottom = Math.min(frame.height, Math.floor(y.most) + 1);
  return { left, top, columns: right - left + 1, rows: bottom - top + 1 };

  /** Of one coordinate over the crop, with room for the kernel's rounding. */
  function extent(across: number, down: number, start: number) {
    const [u, v] = [across * (width - 1), down * (height - 1)];
    return {
      least: start + Math.min(u, 0) + Math.min(v, 0) - 0.01,
      most: start + Math.max(u, 0) + Math.max(v, 0) + 0.01,
    };
  }
}

/** Copies the part to the kernel's memory from address 0 on; black where it lies beyond the frame. */
function copyPart(frame: Frame, part: Part, target: Uint8Array): void {
  const { left, top, columns, rows } = part;
  const step = columns * 3;
  const from = Math.max(left, 0);
  const inside = Math.min(left + columns, frame.width) - from;
  const outside = inside < columns;
  for (let row = 0; row < rows; row += 1) {
    const y = top + row;
    const to = row * step;
    const beyond = y < 0 || y >= frame.height;
    if (beyond || outside) target.fill(0, to, to + step);
    if (beyond) continue;
    const at = (y * frame.width + from) * 3;
    target.set(frame.data.subarray(at, at + inside * 3), to + (from - left) * 3);
  }
}

/** Twice as many crops: each one, then its mirror image (left to right). */
export function withMirrorImages(crops: Pixels): Pixels {
  const { count, width, height } = crops;
  const both = newCrops(count * 2, width, height);
  const size = width * height * 3;
  const outAt = (size + behind + 15) & ~15;
  for (let index = 0; index < count; index += 1) {
    const crop = crops.data.subarray(index * size, (index + 1) * size);
    const { run, bytes } = kernel(outAt + size + behind);
    bytes.set(crop);
    run.mirror(0, width, height, outAt);
    both.data.set(crop, index * 2 * size);
    both.data.set(bytes.subarray(outAt, outAt + size), (index * 2 + 1) * size);
  }
  return both;
}
