import { createKernel } from '../kernel/kernel.ts';
import { toView } from '../tracking/face-view.ts';
import { basisAt, products, productsAt, terms } from './polynomial-warp.ts';

/** Side in pixels of the pictures that are fitted. */
export const registrationSide = 48;
/** Radius of the part that counts: eyes, nose and mouth; no hair and nothing behind the face. */
const counted = 0.75;

/** A picture of registrationSide² pixels; NaN where there is no face. */
export type Patch = Float32Array;

/** Two pictures, the first to be warped onto the second; the second's depth at each counted pixel. */
export interface Pair {
  readonly from: Patch;
  readonly to: Patch;
  readonly depth?: Float64Array;
}

/** What corresponds of two pictures, one of them warped, and its sums. */
interface Compared {
  readonly seen: Seen;
  /** Counted pixels of the target that are of a face. */
  readonly counted: number;
  /** Over those that correspond: the sums of the warped picture's values (a), the target's (b) and their products. */
  readonly sums: Readonly<Record<'a' | 'b' | 'aa' | 'bb' | 'ab', number>>;
}

/** Pixels that correspond: how many, and in which of two places they are kept. */
interface Seen {
  readonly place: 0 | 1;
  readonly n: number;
}

/** How grey levels go over: target ≈ meanTo + gain · (warped − meanFrom). */
interface GreyMap {
  readonly meanFrom: number;
  readonly meanTo: number;
  readonly gain: number;
}

/**
 * What a step's normal equations are made of, each over the pixels that correspond; gx and gy are slopes times the gain. Of each product of
 * two terms, in order: gx², gx·gy, gy² times it. Of each term, then the depth: gx, gy times it and the error. Of each of these: gx², gx·gy,
 * gy² times it and the depth.
 */
interface StepSums {
  readonly products: Float64Array;
  readonly right: Float64Array;
  readonly depth: Float64Array;
}

/** Numbers of the counted pixels, and where each is, in a view's coordinates. */
const pixels = Uint16Array.from(
  Array.from({ length: registrationSide * registrationSide }, (_, at) => at).filter(
    (at) => Math.hypot(...placeOf(at)) < counted,
  ),
);
export const countedPlaces = Array.from(pixels, placeOf);

function placeOf(at: number): readonly [x: number, y: number] {
  return [
    toView(at % registrationSide, registrationSide),
    toView(Math.floor(at / registrationSide), registrationSide),
  ];
}

/** The terms at each counted pixel, pixel by pixel. */
export const termsAtPixels = Float64Array.from(countedPlaces.flatMap(([x, y]) => basisAt(x, y)));

const count = pixels.length;
const pairs = Math.ceil(products / 2);
/** Bytes the kernel keeps of a pixel that corresponds, and needs for it beside. */
const [entryBytes, roomBytes] = [40, 64];

type Planar = ReturnType<typeof make>;
let made: Planar | undefined;

/** The kernel's memory: what never changes, the pair, and what is found. */
function make() {
  let size = 0;
  const place = (bytes: number) => {
    const at = size;
    size += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const at = {
    pixels: place(2 * count),
    terms: place(8 * count * terms),
    products: place(16 * count * pairs),
    from: place(4 * registrationSide ** 2),
    to: place(4 * registrationSide ** 2),
    depth: place(8 * count),
    warp: place(16 * (terms + 1)),
    seen: [place(entryBytes * count), place(entryBytes * count)] as const,
    out: place(8 * (6 * pairs + 5 * (terms + 1))),
    room: place(roomBytes * count),
  };
  const { run, memory } = createKernel(size);
  new Uint16Array(memory, at.pixels, count).set(pixels);
  new Float64Array(memory, at.terms, count * terms).set(termsAtPixels);
  const productsAtPixels = new Float64Array(memory, at.products, 2 * count * pairs);
  for (const [p, [x, y]] of countedPlaces.entries())
    for (const [i, value] of productsAt(x, y).entries())
      productsAtPixels[2 * ((i >> 1) * count + p) + (i & 1)] = value;
  const doubles = (from: number, length: number) => new Float64Array(memory, from, length);
  return {
    run,
    at,
    from: new Float32Array(memory, at.from, registrationSide ** 2),
    to: new Float32Array(memory, at.to, registrationSide ** 2),
    depth: doubles(at.depth, count),
    warp: doubles(at.warp, 2 * (terms + 1)),
    out: doubles(at.out, 6 * pairs + 5 * (terms + 1)),
  };
}

/** Puts a pair where both functions below find it; it stays the one until the next. */
export function loadPair({ from, to, depth }: Pair): void {
  made ??= make();
  made.from.set(from);
  made.to.set(to);
  if (depth !== undefined) made.depth.set(depth);
}

/** Compares the pair, the first warped: coefficients of x (the terms', then the depth's), then of y. */
export function comparePair({ depth }: Pair, warp: Float64Array, place: 0 | 1): Compared {
  made ??= make();
  const { run, at, warp: coefficients, out } = made;
  const width = terms + 1;
  for (let i = 0; i < width; i++) {
    coefficients[2 * i] = warp[i] as number;
    coefficients[2 * i + 1] = warp[width + i] as number;
  }
  const n = run.compare(
    ...([at.from, at.to, registrationSide] as const),
    ...([at.pixels, count, at.terms, terms, depth === undefined ? 0 : at.depth] as const),
    ...([at.warp, at.seen[place], at.out] as const),
  );
  const [counted = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0] = out;
  return { seen: { place, n }, counted, sums: { a, b, aa, bb, ab } };
}

/** Over what corresponds at the place; the arrays are the kernel's, good until it is called again. */
export function stepSums({ depth }: Pair, { place, n }: Seen, { gain, meanFrom, meanTo }: GreyMap): StepSums {
  made ??= make();
  const { run, at, out } = made;
  run.normal(
    ...([at.seen[place], n, gain, meanFrom, meanTo] as const),
    ...([at.terms, terms, at.products, pairs, count, depth === undefined ? 0 : at.depth] as const),
    ...([at.room, at.out] as const),
  );
  const used = depth === undefined ? terms : terms + 1;
  const [right, rugged] = [6 * pairs, 6 * pairs + 2 * used];
  return {
    products: out.subarray(0, right),
    right: out.subarray(right, rugged),
    depth: out.subarray(rugged, depth === undefined ? rugged : rugged + 3 * used),
  };
}
