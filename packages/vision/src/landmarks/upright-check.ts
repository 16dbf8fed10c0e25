import type { SquareRegion } from '../crops/crop-faces.ts';
import type { UprightFace } from '../detection/upright-faces.ts';
import type { FaceMesh } from '../geometry/frame.ts';
import { meshBounds } from './mesh-bounds.ts';

/** The faces that a detector sees standing upright in squares turned as these are, the surest first. */
export type UprightView = (squares: readonly SquareRegion[]) => Promise<UprightFace[][]>;

/**
 * How far a detector's box may lie from landmarks of the same face, as a share of their size, and its size over theirs: where landmarks lie
 * right it is off by .05 and .8 to .95 times as large, where they lie on half a face by .3 and 1.2 times.
 */
const sameFace = { off: 0.2, least: 0.6, most: 1.15 } as const;
/** Score from which the detector sees a face upright: of 97 turned ones all had .77 and more; upside-down faces have .3 to .6. */
const seenScore = 0.7;
/** Landmarks' size over that of a detector's box. */
const growth = 1.1;
/** Degrees by which a square is turned to be looked at all round. */
const turns = Array.from({ length: 12 }, (_, index) => 30 * index);

/** Does the detector see the mesh's face where its landmarks are, the way up that they say? */
export async function isSeenUpright(view: UprightView, mesh: FaceMesh): Promise<boolean> {
  const bounds = meshBounds(mesh);
  const [seen] = await view([bounds]);
  return (seen ?? []).some(
    (face) =>
      face.score >= seenScore &&
      distance(face, bounds) <= sameFace.off * bounds.size &&
      face.size >= sameFace.least * bounds.size &&
      face.size <= sameFace.most * bounds.size,
  );
}

/** Where the detector sees the square's face most clearly, at each of its turns: places to look for landmarks from. */
export async function placesSeen(view: UprightView, square: SquareRegion): Promise<SquareRegion[]> {
  const all = await view(turns.map((turn) => ({ ...square, degrees: square.degrees + turn })));
  return all.flatMap((faces) =>
    faces
      .filter((face) => isWithin(face, square))
      .slice(0, 1)
      .map((face) => ({ ...face, size: growth * face.size })),
  );
}

/** A neighbour's face lies beside the square. */
function isWithin(face: SquareRegion, square: SquareRegion): boolean {
  return distance(face, square) <= square.size / 2;
}

function distance(a: SquareRegion, b: SquareRegion): number {
  return Math.hypot(a.centreX - b.centreX, a.centreY - b.centreY);
}
