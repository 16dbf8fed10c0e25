import type { FaceMesh, Frame } from '@openfrs/vision/pipeline';
import type { FaceView } from './face-view.ts';
import type { FaceSignals } from './signals.ts';

/** What was measured in one frame. */
export interface FrameObservation {
  readonly timeMs: number;
  /** Faces counted; undefined in frames where only the tracked one was followed. */
  readonly faces?: number;
  /** The tracked largest face; undefined when there was none to be relied on. */
  readonly face?: ObservedFace;
  /** The detector sees the tracked face, of which no landmarks are to be relied on: they lose profiles. */
  readonly byDetector?: true;
}

export interface ObservedFace {
  readonly mesh: FaceMesh;
  readonly signals: FaceSignals;
  /** How sure the anti-spoof models are of a live face, [0, 1], .5 at their threshold for videos; only in some frames. */
  readonly live?: number;
  /** Unit vector; only in some frames. */
  readonly vector?: Float32Array;
  /** The upright face, small; what planar motion is measured on. */
  readonly view?: FaceView;
  /** Face presence by the mesh model, [0, 1]: low where the face is partly covered. */
  readonly confidence: number;
  /**
   * The mesh model doubts the face, and the detector sees it: something hides a part of it. By such landmarks one can tell how far a head is
   * turned, and nothing else.
   */
  readonly byDetector?: true;
  /** Variance of the Laplacian over the picture's variance (quality/measures.ts). */
  readonly sharpness: number;
  /** Mean luma, 0..255. */
  readonly brightness: number;
}

/** The frame kept for the answer's `picture`, with its score. */
export interface FrameCandidate {
  readonly frame: Frame;
  readonly mesh: FaceMesh;
  readonly score: number;
}
