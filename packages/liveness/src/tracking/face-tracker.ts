import type { VideoFrame } from '@openfrs/video';
import { turned } from '@openfrs/vision/image';
import {
  type FaceAngle,
  type FaceBox,
  type FaceMesh,
  type FacePipeline,
  type Frame,
  iou,
} from '@openfrs/vision/pipeline';
import type { AntiSpoof } from '../pad/anti-spoof.ts';
import { boxOf, facePatch } from './face-patch.ts';
import { faceView } from './face-view.ts';
import type { FrameCandidate, FrameObservation, ObservedFace } from './observation.ts';
import { createSampler, samplingIntervals } from './sampling.ts';
import { lookAgain } from './second-look.ts';
import { faceSignals } from './signals.ts';

/** Degrees within which models look at a face: where all of a clip is turned, that is better than nothing. */
const sampledYaw = 32;
/** Below it the tracker has lost the face, unless the detector sees it there. */
const lostConfidence = 0.5;
/** Overlap (over union) with the detector's box from which the tracked face is that one. */
const sameFace = 0.35;
/** Parts of the face's size that it may move between frames before tracking is repeated, and before it is checked against the detector. */
const settled = 0.06;
const fast = 0.15;
/** Candidates for `picture` that are kept. */
const keptPictures = 4;

/** Follows the largest face from frame to frame. */
export interface FaceTracker {
  readonly observations: readonly FrameObservation[];
  /** Best first. */
  readonly candidates: readonly FrameCandidate[];
  /** Resolves with `spare` where nothing of the frame is kept. */
  push(frame: VideoFrame): Promise<'spare' | undefined>;
}

export function createFaceTracker(pipeline: FacePipeline, antiSpoof: AntiSpoof): FaceTracker {
  const observations: FrameObservation[] = [];
  let candidates: FrameCandidate[] = [];
  let tracked: FaceMesh | undefined;
  /** The detector saw the face in the last frame, but no landmarks are to be relied on. */
  let detected = false;
  /** By how much the video lies on its side without saying so; known from the first face. */
  let angle: FaceAngle | undefined;
  const isDue = createSampler();

  /** The frame with its face upright. */
  async function upright(frame: VideoFrame): Promise<VideoFrame> {
    if (angle === undefined && isDue('angle', frame.timeMs)) {
      angle = (await pipeline.detectFaces(frame, { renditions: false }))[0]?.angle;
    }
    return angle === undefined || angle === 0
      ? frame
      : { ...(await turned(frame, angle)), timeMs: frame.timeMs };
  }

  /** The faces of a frame, by the detector; it is asked once, whoever needs them. */
  function detectorOf(frame: VideoFrame): () => Promise<readonly FaceBox[]> {
    let boxes: Promise<readonly FaceBox[]> | undefined;
    return () => {
      boxes ??= pipeline.detectFaces(frame, { quick: true, rotations: false });
      return boxes;
    };
  }

  /** The largest face of all, or the tracked one as long as it is that. */
  async function find(
    frame: VideoFrame,
    detect: () => Promise<readonly FaceBox[]>,
  ): Promise<{ faces?: number; mesh?: FaceMesh }> {
    const lost = detected ? samplingIntervals.detected : samplingIntervals.lostFaces;
    const interval = tracked === undefined ? lost : undefined;
    if (!isDue('faces', frame.timeMs, interval)) return tracked === undefined ? {} : { mesh: tracked };
    const boxes = await detect();
    const [largest] = boxes;
    const faces = countFaces(boxes);
    if (largest === undefined) return tracked === undefined ? { faces } : { faces, mesh: tracked };
    if (tracked !== undefined && iou(largest, boxOf(tracked)) > sameFace) return { faces, mesh: tracked };
    return { faces, mesh: await pipeline.faceMesh(frame, largest, { quick: true }) };
  }

  /**
   * The landmarks, tracked from where they were. The model follows a face that moved far only part of the way, or loses it
   * without noticing: tracking is repeated until it has settled, and the detector has the last word.
   */
  async function follow(
    frame: VideoFrame,
    start: FaceMesh,
    detect: () => Promise<readonly FaceBox[]>,
  ): Promise<FaceMesh> {
    let mesh = await pipeline.trackMesh(frame, start);
    let step = shift(start, mesh);
    const far = step > fast;
    for (let i = 0; i < 2 && step > settled; i++) {
      const next = await pipeline.trackMesh(frame, mesh);
      step = shift(mesh, next);
      mesh = next;
    }
    if (!far) return mesh;
    const [largest] = await detect();
    if (largest === undefined || iou(largest, boxOf(mesh)) > sameFace) return mesh;
    return pipeline.faceMesh(frame, largest, { quick: true });
  }

  async function observe(frame: VideoFrame, mesh: FaceMesh, byDetector: boolean): Promise<ObservedFace> {
    const signals = faceSignals(mesh, frame.width, frame.height);
    const box = boxOf(mesh);
    const { timeMs } = frame;
    const patch = await facePatch(frame, signals);
    const view = await faceView(frame, mesh, signals);
    const frontal = !byDetector && Math.abs(signals.yaw) < sampledYaw && signals.inside > 0.9;
    const live = frontal && isDue('live', timeMs) ? { live: await antiSpoof.live(frame, box) } : undefined;
    const vector =
      frontal && isDue('vector', timeMs)
        ? (await pipeline.embed(frame, [mesh], false)).map((found) => ({ vector: found }))[0]
        : undefined;
    const seen = byDetector ? { byDetector } : {};
    return { mesh, signals, confidence: mesh.presence, ...seen, view, ...patch, ...live, ...vector };
  }

  return {
    observations,
    get candidates() {
      return candidates;
    },
    async push(given) {
      const frame = await upright(given);
      const detect = detectorOf(frame);
      const { faces, mesh: start } = await find(frame, detect);
      const followed = start === undefined ? undefined : await follow(frame, start, detect);
      const counted = faces === undefined ? undefined : { faces };
      const { mesh, byDetector } =
        followed === undefined ? { byDetector: false } : await lookAgain(pipeline, frame, followed, detect);
      if (mesh === undefined || (mesh.presence < lostConfidence && !byDetector)) {
        tracked = undefined;
        detected = byDetector;
        observations.push({ timeMs: frame.timeMs, ...counted, ...(byDetector ? { byDetector } : {}) });
        return 'spare';
      }
      tracked = mesh;
      detected = byDetector;
      const face = await observe(frame, mesh, byDetector);
      observations.push({ timeMs: frame.timeMs, ...counted, face });
      const score = byDetector ? 0 : pictureScore(face, frame);
      if (score > 0) {
        candidates = [...candidates, { frame, mesh, score }]
          .sort((a, b) => b.score - a.score)
          .slice(0, keptPictures);
      }
      return candidates.some((kept) => kept.frame === given) ? undefined : 'spare';
    },
  };
}

/** How far the middle of a face moved, in parts of its size. */
function shift(before: FaceMesh, after: FaceMesh): number {
  const [a, b] = [boxOf(before), boxOf(after)];
  const x = b.x + b.width / 2 - a.x - a.width / 2;
  const y = b.y + b.height / 2 - a.y - a.height / 2;
  return Math.hypot(x, y) / Math.sqrt(a.width * a.height);
}

/** Faces of a like size: people far behind don't count. */
function countFaces(boxes: readonly FaceBox[]): number {
  const largest = boxes[0];
  if (largest === undefined) return 0;
  return boxes.filter((box) => box.width * box.height > 0.2 * largest.width * largest.height).length;
}

/** How well a frame shows the face: frontal, whole, sharp, lit, eyes open, mouth at rest; 0: not at all. */
function pictureScore(face: ObservedFace, frame: Frame): number {
  const { yaw, pitch, roll, inside, eyes, mouth, size } = face.signals;
  if (inside < 0.98 || size < 40) return 0;
  const pose = Math.exp(-((yaw / 15) ** 2) - (pitch / 30) ** 2 - (roll / 25) ** 2);
  const light = Math.exp(-(((face.brightness - 125) / 90) ** 2));
  const sharp = face.sharpness / (face.sharpness + 0.02);
  const calm = (eyes > 0.055 ? 1 : 0.6) * (mouth < 0.1 ? 1 : 0.7);
  const large = Math.min(1, size / (0.25 * Math.min(frame.width, frame.height)));
  return face.confidence * pose * light * sharp * calm * (0.5 + large / 2);
}
