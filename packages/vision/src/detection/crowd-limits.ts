/**
 * What one picture's faces may cost. Work grows with the faces (about 8 ms to find one, 45 to describe it), and the largest picture
 * has room for 2,600 of 40 px. The densest of 113 photos of groups and crowds has 75 faces and 129 proposals, 11 in a turned view.
 */
export const crowdLimits = {
  /** Faces of a picture, the largest ones. Other services stop at 100. */
  faces: 256,
  /** Proposals that are verified, those with the highest score sums. */
  proposals: 512,
  /** The same in each view turned by 90, 180 or 270 degrees. */
  turnedProposals: 128,
  /** The same in a quick pass over a video's frame: one large face is wanted, 75 times a video at most. */
  quickProposals: 24,
  /** A detector's findings that are merged, the highest scores: merging takes time by their square. */
  candidates: 10_000,
} as const;

/** All of them, or the first `most` by `order` where they are more. */
export function limited<T>(all: readonly T[], most: number, order: (a: T, b: T) => number): readonly T[] {
  return all.length <= most ? all : all.toSorted(order).slice(0, most);
}
