import type { Box } from '../api/responses.ts';
import { type Light, ovalIn } from './light.ts';

/** What a person before the camera should change; `good`: nothing. */
export type Hint =
  | 'dark'
  | 'backlit'
  | 'no face'
  | 'several faces'
  | 'closer'
  | 'farther'
  | 'middle'
  | 'uneven'
  | 'blurred'
  | 'good';

/** Sizes of a face's box over the height of the oval. */
const [smallest, largest] = [0.42, 1.1];
/** How far its middle may be from the oval's, over its radius. */
const offCentre = 0.5;

/**
 * Chosen on photos of 150 people (LFW); of 150 others 2 % at most are told to change any one of these, 98 % where the photo is made darker (a quarter of
 * the light) or less sharp (Gaussian, σ a fortieth of the face).
 */
const lightLimits = { highlights: 100, sideways: 0.7, behind: 2.2, sharpness: 0.01 } as const;

/**
 * The first thing that is in the way, the worst first: light, then where the face is, then what is less sure.
 * @param faces undefined where nobody looks for them: then the light alone is judged
 * @param size of the video in pixels, as of the faces
 */
export function hintOf(
  light: Light,
  faces: readonly Box[] | undefined,
  size: { readonly width: number; readonly height: number },
): Hint {
  if (light.behind > lightLimits.behind) return 'backlit';
  if (light.highlights < lightLimits.highlights) return 'dark';
  const placed = faces && placeOf(faces, size);
  if (placed !== undefined && placed !== 'good') return placed;
  if (light.sideways > lightLimits.sideways) return 'uneven';
  if (light.sharpness < lightLimits.sharpness) return 'blurred';
  return 'good';
}

function placeOf(faces: readonly Box[], size: { readonly width: number; readonly height: number }): Hint {
  const [face] = [...faces].sort((one, other) => other.height - one.height);
  if (!face) return 'no face';
  // Small faces in the background don't count.
  if (faces.filter(({ height }) => height > face.height / 2).length > 1) return 'several faces';
  const oval = ovalIn(size.width, size.height);
  const share = face.height / (2 * oval.radiusY);
  if (share < smallest) return 'closer';
  if (share > largest) return 'farther';
  const across = Math.abs(face.top_left_x + face.width / 2 - oval.x) / oval.radiusX;
  const along = Math.abs(face.top_left_y + face.height / 2 - oval.y) / oval.radiusY;
  return Math.max(across, along) > offCentre ? 'middle' : 'good';
}
