import type { FaceAngle, Frame } from '../geometry/frame.ts';
import type { StackDetector } from './detector.ts';
import type { Proposal } from './nms.ts';
import { logit, meanLogit, scoreViews } from './views.ts';

/** Two detectors that score a proposal again: one of another family, and the one that proposed it. */
export interface Verifiers {
  readonly second: StackDetector;
  readonly proposer: StackDetector;
}

const cropSide = 128;
/** Test-time augmentations of a proposal: crop side over face side, turned by degrees, moved by a share of the face's side. */
const augmentations = [
  { zoom: 3, degrees: 0, shift: 0 },
  { zoom: 2.2, degrees: 0, shift: 0 },
  { zoom: 2.6, degrees: 15, shift: 0.1 },
  { zoom: 2.6, degrees: -15, shift: -0.1 },
] as const;
/**
 * Log-odds that a proposal is a face: from the proposer's score or score sum, the mean of the verifiers' clipped logits, and the size in
 * doublings of 40 px. Fitted by logistic regression, cross-validated by picture, on 595 proposals of 40 px and more: WIDER FACE's
 * labelled boxes and LFW against WIDER's background and pictures of animals and things.
 */
const firstPass = { bias: 0.482, scoreSum: 0.612, second: 1.888, size: -0.077 } as const;
const fullPass = { bias: 0.605, score: 0.282, second: 1.485, proposer: 0.362, size: -0.357 } as const;
/** First-pass log-odds beyond these decide: no background of the data was above, no labelled face that can be saved below. */
const decisive = { face: 2.2, noFace: -2 } as const;
/** Log-odds from which a proposal is a face: 96 of 100 labelled faces reach them, 1 in 20 of the other proposals. */
export const faceLogOdds = -0.25;
/** Log-odds of an upright face; an upside-down one rarely has as much, and never the overwhelming ones. */
export const strongLogOdds = decisive.face;
export const overwhelmingLogOdds = 4.5;

/** The proposer again on a small crop, at a tenth of the cost of a full view: rejects half of what would be refused later. */
const quickReject = { side: 64, view: { zoom: 2, degrees: 0, shift: 0 }, scoreSum: 3, seen: 0.1 } as const;
/** Log-odds of what is rejected so: below any that a full verification gives. */
const rejected = -10;

/**
 * The log-odds that each proposal is a face, in the frame turned upright by `angle`. A proposal with a low score sum must
 * pass the quick reject before it is verified.
 */
export async function logOdds(
  frame: Frame,
  proposals: readonly Proposal[],
  verifiers: Verifiers,
  angle: FaceAngle,
): Promise<number[]> {
  const faint = proposals.filter(({ scoreSum }) => scoreSum < quickReject.scoreSum);
  const again = await scoreViews(
    frame,
    faint,
    verifiers.proposer,
    angle,
    [quickReject.view],
    quickReject.side,
  );
  const gone = new Set(faint.filter((_, index) => (again[index]?.[0] ?? 0) < quickReject.seen));
  const left = proposals.filter((proposal) => !gone.has(proposal));
  const verified = await fullVerification(frame, left, verifiers, angle);
  const results = new Map(left.map((proposal, index) => [proposal, verified[index] as number]));
  return proposals.map((proposal) => results.get(proposal) ?? rejected);
}

/** One view decides most; the rest get three more, turned and moved: patterns and animals rarely pass all of them. */
async function fullVerification(
  frame: Frame,
  proposals: readonly Proposal[],
  verifiers: Verifiers,
  angle: FaceAngle,
): Promise<number[]> {
  const first = await scoreViews(frame, proposals, verifiers.second, angle, [augmentations[0]], cropSide);
  const results = proposals.map(
    (proposal, index) =>
      firstPass.bias +
      firstPass.scoreSum * Math.log(Math.min(proposal.scoreSum, 3) + 0.2) +
      firstPass.second * logit(first[index]?.[0] ?? 0) +
      firstPass.size * doublings(proposal),
  );
  const open = [...proposals.keys()].filter((index) => {
    const result = results[index] as number;
    // A high score sum is worth all views, whatever the first one gives.
    return (
      result < decisive.face && (result > decisive.noFace || (proposals[index] as Proposal).scoreSum >= 3)
    );
  });
  if (open.length === 0) return results;
  const doubtful = open.map((index) => proposals[index] as Proposal);
  const more = await scoreViews(frame, doubtful, verifiers.second, angle, augmentations.slice(1), cropSide);
  const own = await scoreViews(frame, doubtful, verifiers.proposer, angle, augmentations, cropSide);
  for (const [position, index] of open.entries()) {
    const others = [...(first[index] ?? []), ...(more[position] ?? [])];
    const proposal = doubtful[position] as Proposal;
    results[index] =
      fullPass.bias +
      fullPass.score * logit(proposal.score) +
      fullPass.second * meanLogit(others) +
      fullPass.proposer * meanLogit(own[position] ?? []) +
      fullPass.size * doublings(proposal);
  }
  return results;
}

/** How often 40 px must be doubled to reach the face's size. */
function doublings(proposal: Proposal): number {
  return Math.log2(Math.max(proposal.width, proposal.height) / 40);
}
