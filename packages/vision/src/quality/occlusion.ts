import type { FaceMesh } from '../frame.ts';
import type { Pixels } from '../sessions/sessions.ts';

/** Parts of an aligned 112² crop (ArcFace's template): what must look like the rest of the face's skin. */
const parts = {
  forehead: { x: 38, y: 20, width: 36, height: 16 },
  rightCheek: { x: 26, y: 66, width: 14, height: 16 },
  leftCheek: { x: 72, y: 66, width: 14, height: 16 },
  nose: { x: 48, y: 56, width: 16, height: 14 },
  chin: { x: 44, y: 100, width: 24, height: 10 },
} as const;

/**
 * How much of the face is covered: the share of five parts of it (forehead, cheeks, nose, chin) whose colour is far
 * from the median part's, a mask's, hand's or glasses' sign, weighed with the mesh model's doubt that it sees a face.
 * A measure of our own; no model of the default set segments faces.
 */
export function occlusionDefect(crop: Pixels, mesh: FaceMesh): number {
  const colours = Object.values(parts).map((part) => meanColour(crop, part));
  const median = [0, 1, 2].map((channel) => middle(colours.map((colour) => colour[channel] as number)));
  const far = colours.filter((colour) => distance(colour, median) > 40).length;
  const share = far / colours.length;
  return Math.min(1, Math.max(share, 1 - mesh.confidence));
}

function meanColour(crop: Pixels, part: (typeof parts)[keyof typeof parts]): number[] {
  const sum = [0, 0, 0];
  for (let y = part.y; y < part.y + part.height; y += 1) {
    for (let x = part.x; x < part.x + part.width; x += 1) {
      const at = (y * crop.width + x) * 3;
      for (const channel of [0, 1, 2])
        sum[channel] = (sum[channel] as number) + (crop.data[at + channel] as number);
    }
  }
  return sum.map((value) => value / (part.width * part.height));
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** Chroma counts more than light, which shadows change. */
function distance(colour: readonly number[], other: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = colour.map((value, channel) => value - (other[channel] as number));
  const light = (r + g + b) / 3;
  return Math.hypot(r - light, g - light, b - light) * 2 + Math.abs(light) * 0.5;
}
