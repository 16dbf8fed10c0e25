import type { ModelEntry } from '@openfrs/models';
import { type Affine, squareMap, stride } from '../geometry/affine.ts';
import type { FaceAngle, FaceMesh, Frame, Rect } from '../geometry/frame.ts';
import type { Pixels } from '../runtime/sessions.ts';
import { type AlignmentTemplate, alignmentMap } from './alignment.ts';
import { mipmapForStride } from './mipmaps.ts';
import { newCrops, warpInto } from './warp.ts';

/** A square of the frame in pixels, turned clockwise by `degrees`. */
export interface SquareRegion {
  readonly centreX: number;
  readonly centreY: number;
  readonly size: number;
  readonly degrees: number;
}

/** How faces are cropped to `side` × `side` pixels: a manifest entry's `crop`. */
interface CropSpecs {
  readonly square: {
    readonly kind: 'square';
    /** The crop's side over the region's. */
    readonly scale: number;
    /** The grey, 0..255, of what lies beyond the frame, or the frame reflected at its edge; default 0. */
    readonly border?: number | 'reflect' | undefined;
    readonly side: number;
  };
  readonly rect: { readonly kind: 'rect'; readonly scale: number; readonly side: number };
  readonly aligned: {
    readonly kind: 'aligned';
    readonly template: AlignmentTemplate;
    readonly side: number;
  };
}

/** What is cropped: a turned square, an upright box, or a face by its landmarks. */
interface CropRegions {
  readonly square: SquareRegion;
  readonly rect: Rect;
  readonly aligned: FaceMesh;
}

export type CropKind = keyof CropSpecs;
export type CropSpec<Kind extends CropKind = CropKind> = CropSpecs[Kind];
export type CropRegion<Kind extends CropKind = CropKind> = CropRegions[Kind];

export interface FaceCrops {
  /** One crop a region, in their order. */
  readonly crops: Pixels;
  /** Of each: crop pixel → frame pixel, both counted from pixel centres. */
  readonly maps: readonly Affine[];
}

/** Bilinear sampling alone drops pixels, and aliases, when it shrinks by more than this. */
const largestStride = 1.6;
/** With a smaller step than this, detail that the frame has would be missing. The pyramid's first level is 0.4 of the frame: no gap. */
const smallestStride = 0.4 * largestStride;

/**
 * Crops of one frame, bilinear, each from the mipmap that its scale asks for. The caller chooses how many regions it
 * takes at once: a stack is one run of a model.
 */
export async function cropFaces<Kind extends CropKind>(
  frame: Frame,
  regions: readonly CropRegion<Kind>[],
  spec: CropSpec<Kind> & { readonly kind: Kind },
): Promise<FaceCrops> {
  const mapOf = cropMaps[spec.kind];
  const maps = regions.map((region) => mapOf(region, spec, frame));
  const border = 'border' in spec ? spec.border : 0;
  const crops = newCrops(regions.length, spec.side, spec.side, border === 'reflect' ? 0 : border);
  const sample = border === 'reflect' ? sampleReflected : sampleInto;
  await Promise.all(maps.map((map, index) => sample(frame, map, crops, index)));
  return { crops, maps };
}

/** A model's `crop` with its side: the entry's own, where the network takes any size, else the input's. */
export function cropSpecOf<Crop extends { readonly kind: CropKind; readonly side?: number | undefined }>({
  crop,
  input,
}: {
  readonly crop: Crop;
  readonly input: ModelEntry['input'];
}): Crop & { readonly side: number } {
  return { ...crop, side: crop.side ?? Number(input.shape[1]) };
}

/** The square about a box by its longer side, turned by the face's angle. */
export function squareAround(box: Rect & { readonly angle?: FaceAngle }): SquareRegion {
  return {
    centreX: box.x + box.width / 2,
    centreY: box.y + box.height / 2,
    size: Math.max(box.width, box.height),
    degrees: box.angle ?? 0,
  };
}

/** Crop pixel → frame pixel. */
const cropMaps: {
  readonly [Kind in CropKind]: (region: CropRegion<Kind>, spec: CropSpec<Kind>, frame: Frame) => Affine;
} = {
  square: ({ centreX, centreY, size, degrees }, { scale, side }) =>
    squareMap(centreX, centreY, size * scale, degrees, side),
  aligned: (mesh, { template, side }) => alignmentMap(mesh, template, side),
  rect: rectMap,
};

/**
 * The box grown about its middle, by less where the frame is too small, shifted inside, each side resized on its
 * own: as Silent-Face-Anti-Spoofing crops (src/generate_patches.py), whose way both anti-spoof families follow.
 */
function rectMap(box: Rect, spec: CropSpec<'rect'>, frame: Frame): Affine {
  const scale = Math.min((frame.width - 1) / box.width, (frame.height - 1) / box.height, spec.scale);
  const width = box.width * scale;
  const height = box.height * scale;
  const left = Math.min(Math.max(0, box.x + (box.width - width) / 2), frame.width - width);
  const top = Math.min(Math.max(0, box.y + (box.height - height) / 2), frame.height - height);
  const a = width / spec.side;
  const d = height / spec.side;
  // Pixel centres lie at halves in both.
  return { a, b: 0, tx: left + a / 2 - 0.5, c: 0, d, ty: top + d / 2 - 0.5 };
}

/** `warpInto` from the mipmap of the frame in which a step of the crop is about a pixel. */
async function sampleInto(frame: Frame, map: Affine, crops: Pixels, index: number): Promise<void> {
  const smaller = await mipmapForStride(frame, stride(map), smallestStride, largestStride);
  if (smaller === frame) return warpInto(frame, map, crops, index);
  // Source pixel centres (at halves) move with the picture's own, exact, scale.
  const kx = smaller.width / frame.width;
  const ky = smaller.height / frame.height;
  const moved: Affine = {
    a: map.a * kx,
    b: map.b * kx,
    tx: (map.tx + 0.5) * kx - 0.5,
    c: map.c * ky,
    d: map.d * ky,
    ty: (map.ty + 0.5) * ky - 0.5,
  };
  warpInto(smaller, moved, crops, index);
}

/** `sampleInto`, with the frame reflected at its edges where the crop stands out of it. */
function sampleReflected(frame: Frame, map: Affine, crops: Pixels, index: number): Promise<void> {
  const right = map.a * (crops.width - 1) + map.tx;
  const bottom = map.d * (crops.height - 1) + map.ty;
  const inside = map.tx >= 0 && map.ty >= 0 && right <= frame.width - 1 && bottom <= frame.height - 1;
  if (inside) return sampleInto(frame, map, crops, index);
  // A pixel more for what is between pixels.
  const [left, top] = [Math.floor(map.tx) - 1, Math.floor(map.ty) - 1];
  const window = reflectedWindow(frame, {
    x: left,
    y: top,
    width: Math.ceil(right) + 2 - left,
    height: Math.ceil(bottom) + 2 - top,
  });
  return sampleInto(window, { ...map, tx: map.tx - left, ty: map.ty - top }, crops, index);
}

/** A window on the frame that is continued beyond its edges by its mirror image, the edge itself not repeated. */
function reflectedWindow(frame: Frame, { x, y, width, height }: Rect): Frame {
  const data = new Uint8Array(width * height * 3);
  const [first, last] = [Math.max(0, -x), Math.min(width, frame.width - x)];
  for (let row = 0; row < height; row += 1) {
    const from = reflected(y + row, frame.height) * frame.width;
    const copy = (column: number, count: number) => {
      const at = (from + reflected(x + column, frame.width)) * 3;
      data.set(frame.data.subarray(at, at + count * 3), (row * width + column) * 3);
    };
    for (let column = 0; column < Math.min(first, width); column += 1) copy(column, 1);
    if (last > first) copy(first, last - first);
    for (let column = Math.max(last, 0); column < width; column += 1) copy(column, 1);
  }
  return { width, height, data };
}

function reflected(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((index % period) + period) % period;
  return within < length ? within : period - within;
}
