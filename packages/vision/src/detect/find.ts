import type { ModelEntry } from '@openfrs/models';
import type { FaceAngle, FaceBox, Frame } from '../frame.ts';
import { brightened } from '../picture/brighten.ts';
import { turned } from '../picture/resize.ts';
import { hasOutput } from '../sessions/models.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { AnimalCheck } from './animals.ts';
import { coverage, overlap, type Proposal } from './boxes.ts';
import { evidence, faceEvidence, overwhelmingEvidence, strongEvidence, type Witnesses } from './confirm.ts';
import { type Detector, detectorOf, lookerOf } from './detector.ts';
import { crowdLimits, limited } from './limits.ts';
import { type FaceFlags, orientation } from './orient.ts';
import { detectAcross, levels, preview } from './pyramid.ts';

export interface DetectOptions {
  /** Smallest face in pixels, the longer side of its box; default: the engine's. */
  readonly minFacePx?: number;
  /** Look for faces lying sideways or upside-down when none stands upright; default true. */
  readonly rotations?: boolean;
  /** One pass over the picture at 320 pixels, for video frames with one large face; default false. */
  readonly quick?: boolean;
}

/** Scores from which a box is worth a second opinion. */
const proposalScore = 0.2;
/** Height over width of an upright face's box: those of labelled faces lie between 0.8 and 2.1. */
const leastShape = 0.6;
const mostShape = 2.25;
/** Pictures are looked at from other sides up to this long side: a second look for what stands out, not for crowds. */
const turnedSide = 640;
/** Evidence that is enough where another view has more. */
const faintEvidence = faceEvidence - 1;
/** Evidence that a face needs in a turned view, where three times as much is looked at. */
const turnedEvidence = 1;

/**
 * A box may be so much smaller than its face (covered chin, hair over the forehead) and the face still count as large enough, with
 * this evidence.
 */
const sizeSlack = 0.85;
const smallEvidence = 0;

/** Evidence that no animal reaches, and a side in pixels under which nobody could tell. */
const humanEvidence = 3.2;
const animalSide = 56;

/** Votes from which a proposal is looked at first: what lies within it, once confirmed, needs no look of its own. */
const manyVotes = 3;

interface Seen extends Proposal {
  readonly angle: FaceAngle;
}
interface Found extends Seen {
  readonly evidence: number;
  readonly confirmed: boolean;
}

/** Faces in a frame, largest first: proposed by one detector at every size, confirmed by two. */
export function createFinder(
  models: readonly ModelEntry[],
  sessions: Sessions,
  flags: FaceFlags,
  minFacePx: number,
  animalAt?: AnimalCheck,
) {
  const { proposer, witnesses } = chooseDetectors(models, sessions);
  return async (picture: Frame, options: DetectOptions = {}): Promise<FaceBox[]> => {
    const frame = options.quick ? picture : await brightened(picture);
    const least = options.minFacePx ?? minFacePx;
    const sides = levels(Math.max(frame.width, frame.height), least, options.quick);
    const animals = options.quick ? undefined : animalAt;
    const large = (box: Proposal) => Math.max(box.width, box.height) >= sizeSlack * least;
    const look = async (view: Frame, angle: FaceAngle, sides: readonly number[]): Promise<Found[]> => {
      const proposals = (await detectAcross(proposer, view, sides, proposalScore))
        .filter(({ width, height }) => height > leastShape * width && height < mostShape * width)
        .map((box): Seen => ({ ...upright(box, angle, frame, view), angle }))
        .filter(large);
      const full = angle === 0 ? crowdLimits.proposals : crowdLimits.turnedProposals;
      const most = options.quick ? crowdLimits.quickProposals : full;
      const judged = limited(proposals, most, (a, b) => b.votes - a.votes);
      const found: Found[] = [];
      for (const many of [true, false]) {
        // A group of boxes is led by the one with the most votes: nobody need judge those that follow it.
        const leaders = distinct(found);
        const open = judged.filter(
          (box) => box.votes >= manyVotes === many && !leaders.some((leader) => same(box, leader)),
        );
        const told = await evidence(frame, open, witnesses, angle);
        for (const [index, box] of open.entries()) {
          const result = told[index] as number;
          found.push({ ...box, evidence: result, confirmed: result >= neededEvidence(box, least) });
        }
      }
      return found;
    };
    const faces = await look(frame, 0, sides);
    if (options.rotations === false || (await uprightPicture(frame, faces, flags))) {
      return listed(await people(frame, largest(distinct(faces)), animals), frame);
    }
    const coarse = sides.filter((side) => side <= turnedSide);
    const small = await preview(frame, coarse);
    for (const angle of [180, 90, 270] as const) {
      faces.push(...(await look(await turned(small, angle), angle, coarse)));
    }
    return listed(await people(frame, await oriented(frame, faces, flags), animals), frame);
  };
}

/**
 * Who proposes and who confirms. A whole-picture detector (YuNet, Ultra-Light) proposes, the first of the list;
 * BlazeFace, which was trained on faces near the camera, is the other opinion where it is installed.
 */
function chooseDetectors(
  models: readonly ModelEntry[],
  sessions: Sessions,
): { proposer: Detector; witnesses: Witnesses } {
  const proposing = models.find((model) => !hasOutput(model, 'scores_16')) ?? models[0];
  if (proposing === undefined)
    throw new Error('No model is in use as detector; `openfrs models list` shows them.');
  const other = models.find((model) => hasOutput(model, 'scores_16')) ?? models.at(-1) ?? proposing;
  return {
    proposer: detectorOf(proposing, sessions),
    witnesses: { other: lookerOf(other, sessions), same: lookerOf(proposing, sessions) },
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
 * Does a convincing face stand upright? Then nobody needs to look from other sides. Upright faces are taller than
 * wide; where the evidence is less than overwhelming, the mesh model is asked too.
 */
async function uprightPicture(frame: Frame, faces: readonly Found[], flags: FaceFlags): Promise<boolean> {
  const [best] = faces
    .filter((face) => face.height >= 1.1 * face.width)
    .sort((a, b) => b.evidence - a.evidence);
  if (best === undefined || best.evidence < strongEvidence) return false;
  return best.evidence >= overwhelmingEvidence || (await orientation(frame, best, flags)) === 0;
}

/** One box a face. */
function distinct(faces: readonly Found[]): Found[] {
  return clusters(faces).map(([best]) => best as Found);
}

/** As `distinct`, but the box of the view in which the face stands upright. */
async function oriented(frame: Frame, faces: readonly Found[], flags: FaceFlags): Promise<Found[]> {
  const kept: Found[] = [];
  const groups = clusters(faces);
  const heads = new Set(largest(groups.map(([best]) => best as Found)));
  for (const cluster of groups) {
    const best = cluster[0] as Found;
    if (!heads.has(best)) continue;
    const told = await orientation(frame, best, flags);
    const angle = told ?? 0;
    // The view in which the face stands upright must show it too, if not as clearly. Where it shows no such box, the mesh model
    // is mistaken about what is clearly upright.
    const shown = cluster.filter((member) => member.angle === angle && member.evidence >= faintEvidence);
    const face = clearlyUpright(best)
      ? (shown.find((member) => member.confirmed || overlap(member, best) >= 0.3) ?? best)
      : shown[0];
    if (face === undefined) continue;
    if (kept.every((other) => overlap(face, other) < 0.3 && coverage(face, other) < 0.7)) kept.push(face);
  }
  return kept;
}

/**
 * Boxes of one face together, the one with the most votes first: a part of a face convinces too, but fewer anchors
 * fire on it than on the whole. What is clearly a face is led by no box that is less so. Only groups led by a
 * confirmed box.
 */
function clusters(faces: readonly Found[]): Found[][] {
  const groups: Found[][] = [];
  for (const face of faces.toSorted(byVotes)) {
    const group = groups.find(([best]) => best !== undefined && same(face, best));
    if (group) group.push(face);
    else if (face.confirmed) groups.push([face]);
  }
  return groups;
}

function byVotes(a: Found, b: Found): number {
  return (
    Number(b.confirmed) - Number(a.confirmed) ||
    Number(b.evidence >= strongEvidence) - Number(a.evidence >= strongEvidence) ||
    b.votes - a.votes
  );
}

function clearlyUpright(face: Found): boolean {
  return face.angle === 0 && face.evidence >= strongEvidence;
}

function neededEvidence({ angle, width, height }: Seen, least: number): number {
  if (angle !== 0) return turnedEvidence;
  return Math.max(width, height) < least ? smallEvidence : faceEvidence;
}

/** Boxes of one face: a part of it (mouth and chin, the hair with it) lies mostly within the whole. */
function same(a: Seen, b: Seen): boolean {
  // From another side, or with a tenth of the votes: hardly a face of its own.
  const doubtful = a.angle !== b.angle || Math.min(a.votes, b.votes) < 0.1 * Math.max(a.votes, b.votes);
  return overlap(a, b) >= 0.3 || coverage(a, b) >= (doubtful ? 0.65 : 0.75);
}

/** Without animals, as far as someone can tell; only where the evidence leaves room for doubt. */
async function people(frame: Frame, faces: readonly Found[], animalAt?: AnimalCheck): Promise<Found[]> {
  const doubtful = faces.filter(
    (face) => face.evidence < humanEvidence && Math.max(face.width, face.height) >= animalSide,
  );
  if (animalAt === undefined || doubtful.length === 0) return [...faces];
  const told = await animalAt(frame, doubtful);
  const animals = new Set(doubtful.filter((_, index) => told[index]));
  return faces.filter((face) => !animals.has(face));
}

/** No more faces than a picture may have, the largest of them; in no order. */
function largest(faces: readonly Found[]): readonly Found[] {
  return limited(faces, crowdLimits.faces, (a, b) => b.width * b.height - a.width * a.height);
}

/** Largest first. */
function listed(faces: readonly Found[], frame: Frame): FaceBox[] {
  return faces.map((face) => inside(face, frame)).sort((a, b) => b.width * b.height - a.width * a.height);
}

/** Whole pixels inside the frame. */
function inside(face: Found, frame: Frame): FaceBox {
  const left = Math.min(Math.max(Math.round(face.x), 0), frame.width - 1);
  const top = Math.min(Math.max(Math.round(face.y), 0), frame.height - 1);
  const right = Math.min(Math.max(Math.round(face.x + face.width), left + 1), frame.width);
  const bottom = Math.min(Math.max(Math.round(face.y + face.height), top + 1), frame.height);
  return {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    score: 1 / (1 + Math.exp(-face.evidence)),
    angle: face.angle,
  };
}
