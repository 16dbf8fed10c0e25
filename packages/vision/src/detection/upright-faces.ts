import { cropFaces, type SquareRegion } from '../crops/crop-faces.ts';
import type { Frame } from '../geometry/frame.ts';
import type { StackDetector } from './detector.ts';

/** A face that a detector sees in a square: the square about its box, turned as the other is. */
export interface UprightFace extends SquareRegion {
  /** The detector's score, [0, 1]. */
  readonly score: number;
}

/** Side of the crop over the square's: room to see a face that lies beside it. */
const zoom = 2;
/** Side of the crop in pixels, as where proposals are verified. */
const side = 128;
/** Beyond the picture's edge: like the detectors' own padding. */
const middleGrey = 127;
const leastScore = 0.05;

/** The faces that stand upright in and about each square as it is turned, none suppressed, the surest first. */
export async function uprightFaces(
  frame: Frame,
  squares: readonly SquareRegion[],
  detector: StackDetector,
): Promise<UprightFace[][]> {
  const { crops, maps } = await cropFaces(
    frame,
    squares.map((square) => ({ ...square, size: zoom * square.size })),
    { kind: 'square', scale: 1, border: middleGrey, side },
  );
  const found = await detector(crops, leastScore);
  return squares.map(({ degrees }, index) => {
    const { a, b, c, d, tx, ty } = maps[index] as (typeof maps)[number];
    return (found[index] ?? [])
      .toSorted((one, other) => other.score - one.score)
      .map(({ x, y, width, height, score }) => {
        // The box counts from pixel edges, the map from pixel centres.
        const u = x + width / 2 - 0.5;
        const v = y + height / 2 - 0.5;
        const [centreX, centreY] = [a * u + b * v + tx + 0.5, c * u + d * v + ty + 0.5];
        return { centreX, centreY, size: Math.max(width, height) * Math.hypot(a, c), degrees, score };
      });
  });
}
