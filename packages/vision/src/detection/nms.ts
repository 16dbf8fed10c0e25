import type { Rect } from '../geometry/frame.ts';

/** A detector's finding, before anything has confirmed it. */
export interface Candidate extends Rect {
  /** [0, 1] */
  readonly score: number;
}

/** One box a face: what is left when a detector's findings are merged. */
export interface Proposal extends Candidate {
  /** Sum of the scores of all the findings behind it: many anchors and levels fire on a real face. */
  readonly scoreSum: number;
}

/** Intersection over union of two rectangles, [0, 1]. */
export function iou(a: Rect, b: Rect): number {
  const shared = intersection(a, b);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** Intersection over the smaller area: 1 when one lies within the other. */
export function intersectionOverMin(a: Rect, b: Rect): number {
  return intersection(a, b) / Math.min(a.width * a.height, b.width * b.height);
}

function intersection(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * One box a face: greedy by score, and each kept box becomes the mean of those it stands for, weighted by their
 * scores, so that it doesn't jump with the anchor that happened to win. `limit` is the overlap from which two
 * boxes are the same face.
 */
export function weightedNms(candidates: readonly Candidate[], limit = 0.4): Proposal[] {
  const left = candidates.toSorted((a, b) => b.score - a.score);
  const merged: Proposal[] = [];
  while (left.length > 0) {
    const best = left[0] as Candidate;
    const same: Candidate[] = [];
    let kept = 0;
    for (const box of left) {
      if (iou(best, box) >= limit) same.push(box);
      else left[kept++] = box;
    }
    left.length = kept;
    merged.push(
      weightedMean(
        best,
        same.filter((box) => iou(best, box) >= 0.6),
      ),
    );
  }
  return merged;
}

function weightedMean(best: Candidate, same: readonly Candidate[]): Proposal {
  let weight = 0;
  let scoreSum = 0;
  let x = 0;
  let y = 0;
  let width = 0;
  let height = 0;
  for (const box of same) {
    const w = box.score ** 2;
    weight += w;
    scoreSum += box.score;
    x += w * box.x;
    y += w * box.y;
    width += w * box.width;
    height += w * box.height;
  }
  return {
    x: x / weight,
    y: y / weight,
    width: width / weight,
    height: height / weight,
    score: best.score,
    scoreSum,
  };
}
