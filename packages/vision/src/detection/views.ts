import { cropFaces, type SquareRegion } from '../crops/crop-faces.ts';
import type { FaceAngle, Frame, Rect } from '../geometry/frame.ts';
import type { StackDetector } from './detector.ts';
import { iou, type Proposal } from './nms.ts';

/** How a proposal is cropped: crop side over face side, turned by degrees, moved by a share of the face's side. */
interface Augmentation {
  readonly zoom: number;
  readonly degrees: number;
  readonly shift: number;
}

/** IoU from which a finding counts for the proposal, not for a face that the proposal is a part of. */
const nearEnough = 0.3;
/** Beyond the picture's edge: like the detectors' own padding, where a face is cut. */
const middleGrey = 127;
/** Crops in one run. */
const batch = 24;

/** Each proposal's best score in each view, crops of `side` pixels. */
export async function scoreViews(
  frame: Frame,
  proposals: readonly Proposal[],
  detector: StackDetector,
  angle: FaceAngle,
  seen: readonly Augmentation[],
  side: number,
): Promise<number[][]> {
  const jobs = proposals.flatMap((proposal) => seen.map((view) => ({ proposal, view })));
  const scores: number[] = [];
  for (let start = 0; start < jobs.length; start += batch) {
    const some = jobs.slice(start, start + batch);
    const regions = some.map(({ proposal, view }) => regionOf(proposal, view, angle));
    const { crops } = await cropFaces(frame, regions, { kind: 'square', scale: 1, border: middleGrey, side });
    const found = await detector(crops, 0.02);
    for (const [index, job] of some.entries()) {
      const expected = expectedBox(job.proposal, job.view, angle, side);
      const near = (found[index] ?? []).filter((box) => iou(box, expected) > nearEnough);
      scores.push(Math.max(0, ...near.map(({ score }) => score)));
    }
  }
  return proposals.map((_, index) => scores.slice(index * seen.length, (index + 1) * seen.length));
}

/** Where the proposal lies in its crop. */
function expectedBox(face: Proposal, view: Augmentation, angle: FaceAngle, side: number): Rect {
  const scale = side / view.zoom / Math.max(face.width, face.height);
  const sideways = angle === 90 || angle === 270;
  const width = (sideways ? face.height : face.width) * scale;
  const height = (sideways ? face.width : face.height) * scale;
  return {
    x: (side - width) / 2 - (view.shift * side) / view.zoom,
    y: (side - height) / 2,
    width,
    height,
  };
}

/** The square that an augmentation of the proposal shows. */
function regionOf(face: Proposal, { zoom, degrees, shift }: Augmentation, angle: FaceAngle): SquareRegion {
  const size = Math.max(face.width, face.height);
  const turn = (angle * Math.PI) / 180;
  return {
    centreX: face.x + face.width / 2 + Math.cos(turn) * shift * size,
    centreY: face.y + face.height / 2 + Math.sin(turn) * shift * size,
    size: size * zoom,
    degrees: angle + degrees,
  };
}

/** The log-odds of a score, within those of .02 and .98. */
export function logit(score: number): number {
  const p = Math.min(Math.max(score, 0.02), 0.98);
  return Math.log(p / (1 - p));
}

export function meanLogit(scores: readonly number[]): number {
  return scores.reduce((sum, score) => sum + logit(score), 0) / scores.length;
}
