import type { FaceQuality } from '@openfrs/core';
import type { FaceBox, FaceMesh, Frame, Rect } from './frame.ts';
import type { Sessions } from './sessions/sessions.ts';

export interface DetectOptions {
  /** Smallest face side in pixels; default FRS_MIN_FACE_PX or 40. */
  readonly minFacePx?: number;
  /** Look for faces lying sideways or upside-down when none stands upright; default true. */
  readonly rotations?: boolean;
  /** Stop at one pass over the shrunk picture (video frames with one large face); default false. */
  readonly quick?: boolean;
}

/**
 * Frames to faces: the steps of the pipeline, for pictures already decoded (video frames). One engine holds
 * one session a model; share it between `createVision` and liveness.
 */
export interface FaceEngine {
  readonly sessions: Sessions;
  /** Faces, largest first. */
  detectFaces(frame: Frame, options?: DetectOptions): Promise<FaceBox[]>;
  /** Dense landmarks of one face; `angle` is taken from the box. Two passes, the second upright by the first's roll. */
  faceMesh(frame: Frame, box: FaceBox | Rect): Promise<FaceMesh>;
  /** As `faceMesh`, but tracking: one pass, started from the previous frame's landmarks (video). */
  trackMesh(frame: Frame, previous: FaceMesh): Promise<FaceMesh>;
  /** Unit vectors, one a mesh; `mirrored` averages with the mirrored face. */
  embed(frame: Frame, meshes: readonly FaceMesh[], mirrored: boolean): Promise<Float32Array[]>;
  /** Blur, pose, occlusion, illumination, total. */
  quality(frame: Frame, mesh: FaceMesh): Promise<FaceQuality>;
  close(): Promise<void>;
}
