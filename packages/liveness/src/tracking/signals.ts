import { type FaceMesh, landmarks } from '@openfrs/vision/pipeline';

/**
 * Movements of one face in one frame, read from the dense landmarks. Angles in degrees as `HeadPose` has them:
 * yaw > 0 towards the subject's left, pitch > 0 up, roll > 0 clockwise in the picture.
 */
export interface FaceSignals {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /**
   * Direction from the camera to the face, right > 0: a head that only moves sideways seems to turn by it. The
   * camera's view is unknown (40° over the longer side are assumed), so it is a hint, not a correction.
   */
  readonly bearing: number;
  /** Gap of the inner lips over the height from forehead to nose (which no jaw moves): 0 closed, .2 wide open. */
  readonly mouth: number;
  /** Distance of the mouth's corners over the same height. */
  readonly mouthWidth: number;
  /** Gap of the lids over the same height (a tilted photo shrinks both): about .08 open, below .055 closed. */
  readonly eyes: number;
  /** Of the face in the picture. */
  readonly centreX: number;
  readonly centreY: number;
  /** Geometric mean of the face's width and height in pixels. */
  readonly size: number;
  /** Part of the landmarks that lie inside the picture, [0, 1]. */
  readonly inside: number;
}

/** Pairs of points that mirror each other and don't move with expressions: right, left (MediaPipe's mesh). */
const mirrored: readonly (readonly [number, number])[] = [
  [33, 263],
  [133, 362],
  [234, 454],
  [127, 356],
  [162, 389],
  [21, 251],
  [54, 284],
  [116, 345],
  [117, 346],
  [123, 352],
  [50, 280],
  [98, 327],
];
const forehead = [10, 151, 9, 8, 168, 109, 338];
const noseBase = [2, 98, 327, 94, 164];
const noseTip = [1, 4];
const sides = [234, 454, 127, 356];

const halfViewTangent = Math.tan((20 * Math.PI) / 180);
const degrees = 180 / Math.PI;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

function meanOf(mesh: FaceMesh, indices: readonly number[]): Point {
  let x = 0;
  let y = 0;
  let z = 0;
  for (const index of indices) {
    x += mesh.points[index * 3] ?? 0;
    y += mesh.points[index * 3 + 1] ?? 0;
    z += mesh.points[index * 3 + 2] ?? 0;
  }
  const n = indices.length;
  return { x: x / n, y: y / n, z: z / n };
}

const minus = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y, z: a.z - b.z });
const length = (a: Point) => Math.hypot(a.x, a.y, a.z);

/** Turned back in the picture's plane by an angle with this cosine and sine. */
const unrolled = (v: Point, cos: number, sin: number): Point => ({
  x: cos * v.x + sin * v.y,
  y: cos * v.y - sin * v.x,
  z: v.z,
});

/**
 * Orthographic projection of a symmetric head, in degrees: the mean of twelve left-to-right vectors is its lateral axis (roll, yaw); pitch is
 * the vector from forehead to nose base, averaged with the height of the nose's tip between the ears' level. On labelled clips about 2° of
 * noise between frames; turns beyond 20° read up to a quarter too small, as the mesh's depth is flat.
 */
export function faceSignals(mesh: FaceMesh, width: number, height: number): FaceSignals {
  const right = meanOf(
    mesh,
    mirrored.map(([index]) => index),
  );
  const left = meanOf(
    mesh,
    mirrored.map(([, index]) => index),
  );
  const across = minus(left, right);
  const roll = Math.atan2(across.y, across.x);
  const cos = Math.cos(roll);
  const sin = Math.sin(roll);
  const flat = unrolled(across, cos, sin);
  const yaw = Math.atan2(flat.z, flat.x);

  const down = unrolled(minus(meanOf(mesh, noseBase), meanOf(mesh, forehead)), cos, sin);
  const depth = down.z * Math.cos(yaw) - down.x * Math.sin(yaw);
  const pitchByDepth = Math.atan2(-depth, down.y) * degrees;

  const ear = meanOf(mesh, sides);
  const at = (index: number) => meanOf(mesh, [index]);
  const faceWidth = length(minus(at(landmarks.leftCheek), at(landmarks.rightCheek)));
  const faceHeight = length(minus(at(landmarks.chin), at(landmarks.foreheadTop)));
  const size = Math.sqrt(faceWidth * faceHeight);
  // The tip stands out by about half the face's size: one hundredth of it is near one degree.
  const pitchByParallax = (-unrolled(minus(meanOf(mesh, noseTip), ear), cos, sin).y / size) * 100;
  const frontal = Math.max(0, Math.min(1, 1.75 - Math.abs(yaw * degrees) / 20));
  const pitch = (pitchByDepth + frontal * pitchByParallax) / (1 + frontal);

  const beside = (ear.x - width / 2) / (Math.max(width, height) / 2);
  const rigidHeight = Math.max(1, length(minus(at(2), at(landmarks.foreheadTop))));
  const gap = (upper: number, lower: number) => length(minus(at(lower), at(upper)));
  const lids = (gap(159, 145) + gap(158, 153) + gap(386, 374) + gap(385, 380)) / 4;
  return {
    yaw: yaw * degrees,
    pitch,
    roll: roll * degrees,
    bearing: Math.atan(beside * halfViewTangent) * degrees,
    mouth: gap(landmarks.upperLip, landmarks.lowerLip) / rigidHeight,
    mouthWidth: gap(landmarks.mouthRight, landmarks.mouthLeft) / rigidHeight,
    eyes: lids / rigidHeight,
    centreX: ear.x,
    centreY: ear.y,
    size,
    inside: insideShare(mesh, width, height),
  };
}

function insideShare(mesh: FaceMesh, width: number, height: number): number {
  let inside = 0;
  for (let at = 0; at < mesh.points.length; at += 3) {
    const x = mesh.points[at] ?? -1;
    const y = mesh.points[at + 1] ?? -1;
    if (x >= 0 && y >= 0 && x < width && y < height) inside += 1;
  }
  return (inside * 3) / mesh.points.length;
}
