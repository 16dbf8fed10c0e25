import { cropFaces, type FaceMesh, type Frame, luma } from '@openfrs/vision/pipeline';
import type { FaceSignals } from './signals.ts';

/** Side of a view in pixels, and how much of the face's size it spans. */
export const viewSide = 96;
export const viewSpan = 1.1;

/** A small upright picture of the face with its landmarks: what planar motion is measured on. */
export interface FaceView {
  /** Luma, viewSide² values; NaN beyond the frame. */
  readonly grey: Float32Array;
  /** x, y of each landmark in the view's coordinates: −1..1, the centres of its pixels lie between. */
  readonly points: Float32Array;
  /** Depth of each landmark as the mesh has it, in the same unit; smaller is nearer. */
  readonly depths: Float32Array;
}

export async function faceView(frame: Frame, mesh: FaceMesh, signals: FaceSignals): Promise<FaceView> {
  const { centreX, centreY, size, roll } = signals;
  const region = { centreX, centreY, size, degrees: roll };
  const { crops, maps } = await cropFaces(frame, [region], {
    kind: 'square',
    scale: viewSpan,
    side: viewSide,
  });
  const grey = luma(crops);
  const [map] = maps;
  if (map === undefined) throw new Error('No crop was taken.');
  const isInside = (column: number, row: number) => {
    const x = map.a * column + map.b * row + map.tx;
    const y = map.c * column + map.d * row + map.ty;
    return x >= 0 && y >= 0 && x <= frame.width - 1 && y <= frame.height - 1;
  };
  // Where all corners are inside, all is.
  const ends = [0, viewSide - 1];
  if (!ends.every((row) => ends.every((column) => isInside(column, row)))) {
    for (let row = 0, at = 0; row < viewSide; row++)
      for (let column = 0; column < viewSide; column++, at++)
        if (!isInside(column, row)) grey[at] = Number.NaN;
  }
  return { grey, ...viewPoints(mesh, signals) };
}

function viewPoints(mesh: FaceMesh, { centreX, centreY, size, roll }: FaceSignals) {
  const scale = 2 / (size * viewSpan);
  const angle = (roll * Math.PI) / 180;
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  const count = mesh.points.length / 3;
  const points = new Float32Array(count * 2);
  const depths = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const dx = (mesh.points[i * 3] ?? 0) - centreX;
    const dy = (mesh.points[i * 3 + 1] ?? 0) - centreY;
    points[i * 2] = cos * dx + sin * dy;
    points[i * 2 + 1] = cos * dy - sin * dx;
    depths[i] = (mesh.points[i * 3 + 2] ?? 0) * scale;
  }
  return { points, depths };
}

/** A square picture of half the side: means of 2 × 2 pixels. */
export function halved(grey: Float32Array, side: number): Float32Array {
  const half = side / 2;
  const small = new Float32Array(half * half);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * y * side + 2 * x;
      const sum = (grey[at] ?? 0) + (grey[at + 1] ?? 0) + (grey[at + side] ?? 0) + (grey[at + side + 1] ?? 0);
      small[y * half + x] = sum / 4;
    }
  }
  return small;
}

/** The middle of a pixel in a view's coordinates, where `side` pixels span −1..1; and back. */
export const toView = (index: number, side: number) => (index + 0.5) / (side / 2) - 1;
export const toPixel = (coordinate: number, side: number) => ((coordinate + 1) * side) / 2 - 0.5;

/** Bilinear; x and y at least 0 and below the side less one. */
export function sampled(grey: Float32Array, side: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const at = top * side + left;
  const upper = (grey[at] as number) * (1 - fx) + (grey[at + 1] as number) * fx;
  const lower = (grey[at + side] as number) * (1 - fx) + (grey[at + side + 1] as number) * fx;
  return upper * (1 - fy) + lower * fy;
}
