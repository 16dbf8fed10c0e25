import { contours, landmarks } from '@openfrs/vision/pipeline';

/** A face's landmarks as x, y, z in pixels. */
export type Points = Float32Array;

/** What an attacker makes landmarks do; angles in degrees, the rest from 0 to 1. */
export interface Expression {
  /** > 0 to the subject's left. */
  readonly yaw?: number;
  /** > 0 up. */
  readonly pitch?: number;
  readonly roll?: number;
  readonly mouth?: number;
  readonly blink?: number;
}

const radians = Math.PI / 180;
const jaw = new Set<number>([
  ...contours.mouth[0].slice(1, 10),
  ...contours.mouth[1].slice(1, 10),
  ...[152, 148, 176, 149, 150, 136, 172, 377, 400, 378, 379, 365, 397],
  ...[199, 200, 18, 83, 313, 201, 421, 32, 262, 208, 428, 175, 171, 396],
]);
/** Upper lids and the lower ones beneath them. */
const lids: readonly (readonly [number, number])[] = [
  ...[157, 158, 159, 160, 161].map((upper, i) => [upper, [154, 153, 145, 144, 163][i] ?? 145] as const),
  ...[384, 385, 386, 387, 388].map((upper, i) => [upper, [381, 380, 374, 373, 390][i] ?? 374] as const),
];

/** Where the landmarks of a photo go, by turning the mesh in space and moving jaw and lids. */
export function expressed(
  points: Points,
  { yaw = 0, pitch = 0, roll = 0, mouth = 0, blink = 0 }: Expression,
): Points {
  const moved = points.slice();
  const at = (i: number, axis: number) => points[3 * i + axis] as number;
  const height = Math.hypot(
    at(landmarks.chin, 0) - at(landmarks.foreheadTop, 0),
    at(landmarks.chin, 1) - at(landmarks.foreheadTop, 1),
  );
  if (mouth > 0) {
    const lip = at(landmarks.upperLip, 1);
    for (const i of jaw) {
      const down = Math.max(0, Math.min(1, (at(i, 1) - lip) / (0.02 * height) + 0.4));
      moved[3 * i + 1] = at(i, 1) + 0.13 * height * mouth * down;
    }
  }
  if (blink > 0) {
    for (const [upper, lower] of lids) {
      for (const axis of [0, 1])
        moved[3 * upper + axis] = at(upper, axis) + 0.85 * blink * (at(lower, axis) - at(upper, axis));
    }
  }
  // About a point behind the ears, in which a neck turns.
  const centre = [
    (at(landmarks.rightCheek, 0) + at(landmarks.leftCheek, 0)) / 2,
    (at(landmarks.rightCheek, 1) + at(landmarks.leftCheek, 1)) / 2,
    (at(landmarks.rightCheek, 2) + at(landmarks.leftCheek, 2)) / 2,
  ] as const;
  const [sy, cy] = [Math.sin(-yaw * radians), Math.cos(yaw * radians)];
  const [sp, cp] = [Math.sin(-pitch * radians), Math.cos(pitch * radians)];
  const [sr, cr] = [Math.sin(roll * radians), Math.cos(roll * radians)];
  for (let i = 0; i < points.length / 3; i++) {
    const [x, y, z] = [0, 1, 2].map((axis) => (moved[3 * i + axis] as number) - (centre[axis] as number)) as [
      number,
      number,
      number,
    ];
    const [x1, z1] = [cy * x + sy * z, cy * z - sy * x];
    const [y2, z2] = [cp * y - sp * z1, cp * z1 + sp * y];
    moved[3 * i] = centre[0] + cr * x1 - sr * y2;
    moved[3 * i + 1] = centre[1] + sr * x1 + cr * y2;
    moved[3 * i + 2] = centre[2] + z2;
  }
  return moved;
}

/** Landmarks that a spline is hung on: contours, and every twelfth of the rest. */
export const handles: readonly number[] = [
  ...new Set([
    ...contours.face.flat(),
    ...contours.eyes.flat(),
    ...contours.mouth.flat(),
    ...contours.nose.flat(),
    ...contours.eyebrow.flat(),
    ...Array.from({ length: 39 }, (_, i) => 12 * i),
  ]),
];

/** The handles' x, y pairs, and points on the picture's edge, which stay. */
export function withEdges(points: Points, width: number, height: number): Float64Array {
  const edge = [0, 0.25, 0.5, 0.75, 1].flatMap((t): [number, number][] => [
    [t * width, 0],
    [t * width, height],
    [0, t * height],
    [width, t * height],
  ]);
  return Float64Array.from([
    ...handles.flatMap((i) => [points[3 * i] as number, points[3 * i + 1] as number]),
    ...edge.flat(),
  ]);
}
