import { type Answer, enrolledPath, type Found } from '../api/found.ts';
import type { Box } from '../terminal/box-text.ts';
import type { Mark } from './overlay.ts';

/** What stands beside each face: who was found, or of detections its number. */
export function marksOf({ faces = [], results, searched }: Partial<Answer>): Mark[] {
  const found = (box: Box, [first]: readonly Found[]): Mark =>
    first === undefined
      ? { box, tag: 'unknown', isGood: false }
      : { box, tag: `${nameOf(first)} ${first.similarity?.toFixed(2)}`, isGood: true };
  if (results !== undefined)
    return results.map(({ bounding_box, faces: candidates }) => found(bounding_box, candidates));
  if (searched !== undefined) return [found(searched, faces)];
  // Faces of a search are those of the set, on photos of their own.
  return faces
    .filter(({ similarity }) => similarity === undefined)
    .map(({ bounding_box: box }, index) => ({ box, tag: String(index + 1), isGood: true }));
}

/** Of a hash of a name, the name: the photo's folder or file. */
function nameOf(found: Found): string {
  const { external_image_id: id, face_id } = found;
  const isHash = id !== undefined && /-[0-9a-f]{12}$/.test(id);
  return (isHash ? enrolledPath(found) : undefined) ?? id ?? face_id ?? '';
}
