import type { FaceMesh } from '../geometry/frame.ts';
import type { Pixels } from '../runtime/sessions.ts';
import { meanColours } from './measures.ts';

/** Parts of an aligned 112² crop (ArcFace's template): what must look like the rest of the face's skin. */
const parts = {
  forehead: { left: 38, right: 74, top: 20, bottom: 36 },
  rightCheek: { left: 26, right: 40, top: 66, bottom: 82 },
  leftCheek: { left: 72, right: 86, top: 66, bottom: 82 },
  nose: { left: 48, right: 64, top: 56, bottom: 70 },
  chin: { left: 44, right: 68, top: 100, bottom: 110 },
} as const;

/**
 * How much of the face is covered: the share of five parts of it (forehead, cheeks, nose, chin) whose colour is far
 * from the median part's, a mask's, hand's or glasses' sign, weighed with the mesh model's doubt that it sees a face.
 * A measure of our own; no model of the default set segments faces.
 */
export function occlusionDefect(crop: Pixels, mesh: FaceMesh): number {
  const colours = meanColours(crop, Object.values(parts));
  const median = [0, 1, 2].map((channel) => middle(colours.map((colour) => colour[channel] as number)));
  const far = colours.filter((colour) => distance(colour, median) > 40).length;
  const share = far / colours.length;
  return Math.min(1, Math.max(share, 1 - mesh.presence));
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
