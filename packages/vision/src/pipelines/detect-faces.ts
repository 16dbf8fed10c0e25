import type { ModelOf } from '@openfrs/models';
import { crowdLimits, limited } from '../detection/crowd-limits.ts';
import {
  createDetector,
  createStackDetector,
  type Detector,
  type StackDetector,
} from '../detection/detector.ts';
import { type LandmarkBounds, withoutDuplicates } from '../detection/duplicates.ts';
import { detectOverPyramid, downscaled, pyramidLevels } from '../detection/image-pyramid.ts';
import { intersectionOverMin, iou, type Proposal } from '../detection/nms.ts';
import type { ObjectReader } from '../detection/object-scores.ts';
import { type FacePresence, orientation } from '../detection/orientation.ts';
import { type SecondOpinion, withSecondOpinion } from '../detection/second-opinion.ts';
import {
  faceLogOdds,
  logOdds,
  overwhelmingLogOdds,
  strongLogOdds,
  type Verifiers,
} from '../detection/verification.ts';
import type { FaceAngle, FaceBox, Frame, Rect } from '../geometry/frame.ts';
import { hasPoorLight, withLocalContrast } from '../image/local-contrast.ts';
import { correctLowLight } from '../image/low-light.ts';
import { turned } from '../image/resize.ts';
import type { Sessions } from '../runtime/sessions.ts';

export interface DetectOptions {
  /** Smallest face in pixels: the longer side of its box as it is returned, within the picture; default: the pipeline's. */
  readonly minFacePx?: number;
  /** Look for faces lying sideways or upside-down when none stands upright; default true. */
  readonly rotations?: boolean;
  /** Where nothing is found and the light is poor, look again in other renditions of the picture; default true. */
  readonly renditions?: boolean;
  /** One pass over the picture at 320 pixels, for video frames with one large face; default false. */
  readonly quick?: boolean;
}

/** Lowest score of a proposal that is verified. */
const proposalScore = 0.2;
/** Height over width of an upright face's box: those of labelled faces lie between 0.8 and 2.1. */
const minAspect = 0.6;
const maxAspect = 2.25;
/** Long side of the picture in turned views: large faces are looked for there, no crowds. */
const turnedSide = 640;
/** Log-odds that are enough where another view has more. */
const faintLogOdds = faceLogOdds - 1;
/** Log-odds that a face needs in a turned view: there are three of them, so three times the chances of a mistake. */
const turnedLogOdds = 1;

/** Score sum from which a proposal is verified first: what lies within it, once confirmed, is not verified itself. */
const highScoreSum = 3;

interface OrientedProposal extends Proposal {
  readonly angle: FaceAngle;
}
interface Detection extends OrientedProposal {
  /** By the two detectors that verify. */
  readonly logOdds: number;
  /** By all opinions. */
  readonly confidence: number;
  readonly confirmed: boolean;
}

/** Faces in a frame, largest first: proposed by one detector at every level of a pyramid, verified by two. */
export function createFaceDetector(
  models: readonly ModelOf<'detector'>[],
  sessions: Sessions,
  { presence, landmarkBounds }: { readonly presence: FacePresence; readonly landmarkBounds: LandmarkBounds },
  minFacePx: number,
  objects?: ObjectReader,
) {
  const { proposer, verifiers, third } = chooseDetectors(models, sessions);
  return async (picture: Frame, options: DetectOptions = {}): Promise<FaceBox[]> => {
    if (options.quick) return detectIn(picture, options);
    const brightened = await correctLowLight(picture);
    const faces = await detectIn(brightened, options);
    if (faces.length > 0 || options.renditions === false) return faces;
    for (const frame of otherRenditions(picture, brightened)) {
      const found = await detectIn(frame, options);
      if (found.length > 0) return found;
    }
    return [];
  };

  async function detectIn(frame: Frame, options: DetectOptions): Promise<FaceBox[]> {
    const least = options.minFacePx ?? minFacePx;
    const sides = pyramidLevels(Math.max(frame.width, frame.height), least, options.quick);
    const opinion: SecondOpinion = options.quick ? {} : { third, objects };
    const isLarge = ({ width, height }: Rect) => Math.max(width, height) >= least;
    const detectInView = async (
      view: Frame,
      angle: FaceAngle,
      sides: readonly number[],
    ): Promise<Detection[]> => {
      const proposals = (await detectOverPyramid(proposer, view, sides, proposalScore))
        .filter(({ width, height }) => height > minAspect * width && height < maxAspect * width)
        .map((box): OrientedProposal => ({ ...upright(box, angle, frame, view), angle }))
        .filter(isLarge);
      const full = angle === 0 ? crowdLimits.proposals : crowdLimits.turnedProposals;
      const most = options.quick ? crowdLimits.quickProposals : full;
      const verified = limited(proposals, most, (a, b) => b.scoreSum - a.scoreSum);
      const found: Detection[] = [];
      for (const many of [true, false]) {
        // A group of boxes is represented by the one with the highest score sum: the others need no verification.
        const representatives = suppressDuplicates(found);
        const open = verified.filter(
          (box) =>
            box.scoreSum >= highScoreSum === many &&
            !representatives.some((representative) => isSameFace(box, representative)),
        );
        const scores = await logOdds(frame, open, verifiers, angle);
        const all = await withSecondOpinion(frame, open, scores, opinion, angle);
        for (const [index, box] of open.entries()) {
          const confidence = all[index] as number;
          const confirmed = confidence >= requiredLogOdds(box);
          found.push({ ...box, logOdds: scores[index] as number, confidence, confirmed });
        }
      }
      return found;
    };
    const faces = await detectInView(frame, 0, sides);
    if (options.rotations === false || (await uprightPicture(frame, faces, presence))) {
      const heads = largest(suppressDuplicates(faces));
      const single = options.quick ? heads : await withoutDuplicates(frame, heads, landmarkBounds);
      return largestFirst(single, frame).filter(isLarge);
    }
    const coarse = sides.filter((side) => side <= turnedSide);
    const small = await downscaled(frame, coarse);
    for (const angle of [180, 90, 270] as const) {
      faces.push(...(await detectInView(await turned(small, angle), angle, coarse)));
    }
    const turnedBack = await oriented(frame, faces, presence);
    return largestFirst(await withoutDuplicates(frame, turnedBack, landmarkBounds), frame).filter(isLarge);
  }
}

/**
 * The picture as it may show a face that `shown` does not: not brightened, where a lit face would be burnt out, and with its contrast
 * raised, where light is poor.
 */
function* otherRenditions(picture: Frame, shown: Frame): Generator<Frame> {
  if (shown !== picture) yield picture;
  if (hasPoorLight(picture)) yield withLocalContrast(picture);
}

/**
 * Who proposes and who verifies: the first detector of the list that may propose (`proposes` in the manifest), the first of
 * another kind beside it, and where there is one of a third kind, that is asked in doubt.
 */
export function chooseDetectors(
  models: readonly ModelOf<'detector'>[],
  sessions: Sessions,
): { proposer: Detector; verifiers: Verifiers; third: StackDetector | undefined } {
  const proposing = models.find((model) => model.proposes) ?? models[0];
  if (proposing === undefined)
    throw new Error('No model is in use as detector; `openfrs models list` shows them.');
  const second = models.find((model) => !model.proposes) ?? models.at(-1) ?? proposing;
  const third = models.find(
    (model) =>
      !model.proposes && ![proposing, second].some((other) => other.architecture === model.architecture),
  );
  return {
    proposer: createDetector(proposing, sessions),
    third: third && createStackDetector(third, sessions),
    verifiers: {
      second: createStackDetector(second, sessions),
      proposer: createStackDetector(proposing, sessions),
    },
  };
}

/** A box of the turned view in the frame's own pixels. */
function upright(box: Proposal, angle: FaceAngle, frame: Frame, view: Frame): Proposal {
  const sideways = angle === 90 || angle === 270;
  const kx = frame.width / (sideways ? view.height : view.width);
  const ky = frame.height / (sideways ? view.width : view.height);
  const { x, y, width, height } = box;
  // The view is the frame turned back by `angle`, so that faces turned clockwise by it stand upright.
  const moved = {
    0: { x, y, width, height },
    180: { x: view.width - x - width, y: view.height - y - height, width, height },
    90: { x: view.height - y - height, y: x, width: height, height: width },
    270: { x: y, y: view.width - x - width, width: height, height: width },
  }[angle];
  return {
    ...box,
    x: moved.x * kx,
    y: moved.y * ky,
    width: moved.width * kx,
    height: moved.height * ky,
  };
}

/**
 * Does a convincing face stand upright? Then turned views are skipped. Upright faces are taller than wide; below
 * overwhelming log-odds the mesh model's presence decides too.
 */
async function uprightPicture(
  frame: Frame,
  faces: readonly Detection[],
  presence: FacePresence,
): Promise<boolean> {
  const [best] = faces
    .filter((face) => face.confirmed && face.height >= 1.1 * face.width)
    .sort((a, b) => b.logOdds - a.logOdds);
  if (best === undefined || best.logOdds < strongLogOdds) return false;
  return best.logOdds >= overwhelmingLogOdds || (await orientation(frame, best, presence)) === 0;
}

/** One box a face. */
function suppressDuplicates(faces: readonly Detection[]): Detection[] {
  return groupByFace(faces).map(([best]) => best as Detection);
}

/** As `distinct`, but the box of the view in which the face stands upright. */
async function oriented(
  frame: Frame,
  faces: readonly Detection[],
  presence: FacePresence,
): Promise<Detection[]> {
  const kept: Detection[] = [];
  const groups = groupByFace(faces);
  const heads = new Set(largest(groups.map(([best]) => best as Detection)));
  for (const cluster of groups) {
    const best = cluster[0] as Detection;
    if (!heads.has(best)) continue;
    const told = await orientation(frame, best, presence);
    const angle = told ?? 0;
    // The view in which the face stands upright must show it too, if not as clearly. Where it shows no such box, the mesh model
    // is mistaken about what is clearly upright.
    const shown = cluster.filter((member) => member.angle === angle && member.logOdds >= faintLogOdds);
    const face = clearlyUpright(best)
      ? (shown.find((member) => member.confirmed || iou(member, best) >= 0.3) ?? best)
      : ofStanding(best, shown, angle);
    if (face === undefined) continue;
    if (kept.every((other) => iou(face, other) < 0.3 && intersectionOverMin(face, other) < 0.7))
      kept.push(face);
  }
  return kept;
}

/**
 * The box of the view in which the face stands upright. Of a face that lies slantwise two views may have boxes: where another one shows it
 * clearly and that one does not, its box is the face's.
 */
function ofStanding(best: Detection, shown: readonly Detection[], angle: FaceAngle): Detection | undefined {
  const [first] = shown;
  const isFainter = first !== undefined && first.logOdds < strongLogOdds && best.logOdds >= strongLogOdds;
  return isFainter ? { ...best, angle } : first;
}

/**
 * Boxes of one face together, the one with the most scoreSum first: a part of a face convinces too, but fewer anchors
 * fire on it than on the whole. What is clearly a face is led by no box that is less so. Only groups led by a
 * confirmed box.
 */
function groupByFace(faces: readonly Detection[]): Detection[][] {
  const groups: Detection[][] = [];
  for (const face of faces.toSorted(byConfidence)) {
    const group = groups.find(([best]) => best !== undefined && isSameFace(face, best));
    if (group) group.push(face);
    else if (face.confirmed) groups.push([face]);
  }
  return groups;
}

function byConfidence(a: Detection, b: Detection): number {
  return (
    Number(b.confirmed) - Number(a.confirmed) ||
    Number(b.logOdds >= strongLogOdds) - Number(a.logOdds >= strongLogOdds) ||
    b.scoreSum - a.scoreSum
  );
}

function clearlyUpright(face: Detection): boolean {
  return face.angle === 0 && face.logOdds >= strongLogOdds;
}

function requiredLogOdds({ angle }: OrientedProposal): number {
  return angle === 0 ? faceLogOdds : turnedLogOdds;
}

/** Boxes of one face: a part of it (mouth and chin, the hair with it) lies mostly within the whole. */
function isSameFace(a: OrientedProposal, b: OrientedProposal): boolean {
  // From another side, or with a tenth of the scoreSum: hardly a face of its own.
  const doubtful =
    a.angle !== b.angle || Math.min(a.scoreSum, b.scoreSum) < 0.1 * Math.max(a.scoreSum, b.scoreSum);
  return iou(a, b) >= 0.3 || intersectionOverMin(a, b) >= (doubtful ? 0.65 : 0.75);
}

/** No more faces than a picture may have, the largest of them; in no order. */
function largest(faces: readonly Detection[]): readonly Detection[] {
  return limited(faces, crowdLimits.faces, (a, b) => b.width * b.height - a.width * a.height);
}

/** Largest first. */
function largestFirst(faces: readonly Detection[], frame: Frame): FaceBox[] {
  return faces.map((face) => clipped(face, frame)).sort((a, b) => b.width * b.height - a.width * a.height);
}

/** Whole pixels inside the frame. */
function clipped(face: Detection, frame: Frame): FaceBox {
  const left = Math.min(Math.max(Math.round(face.x), 0), frame.width - 1);
  const top = Math.min(Math.max(Math.round(face.y), 0), frame.height - 1);
  const right = Math.min(Math.max(Math.round(face.x + face.width), left + 1), frame.width);
  const bottom = Math.min(Math.max(Math.round(face.y + face.height), top + 1), frame.height);
  return {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    score: 1 / (1 + Math.exp(-face.confidence)),
    angle: face.angle,
  };
}
