/** A decoded picture: upright, 8-bit RGB, rows from the top without padding (`data.length = width · height · 3`). */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle in a frame's pixels; fractions allowed, may reach over the edges. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Clockwise rotation of a face in the picture: 180 is upside-down, 90 has its chin on the left. */
export type FaceAngle = 0 | 90 | 180 | 270;

/** A face that was proposed and verified. */
export interface FaceBox extends Rect {
  /** Probability of a face by the verification, [0, 1]. */
  readonly score: number;
  readonly angle: FaceAngle;
}

/** Dense landmarks: MediaPipe's 468 points. */
export interface FaceMesh {
  /** 468 × (x, y, z) in the frame's pixels; z has the same scale, smaller is nearer. */
  readonly points: Float32Array;
  /** Face presence: the mesh model's own score that this is a face, [0, 1]. */
  readonly presence: number;
}

/** Degrees: yaw > 0 turned to the subject's left, pitch > 0 up, roll > 0 clockwise in the picture. */
export interface HeadPose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}
