import {
  type FaceEngine,
  type Frame,
  newCrops,
  sampleInto,
  squareMap,
  type VideoFrame,
} from '@openfrs/vision';

/** How a printed photo is held at one moment. Lengths are in widths of the photo, angles in degrees. */
interface Pose {
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
  /** Where its middle is, and by how much it is nearer than usual (1: half as far). */
  readonly x?: number;
  readonly y?: number;
  readonly near?: number;
  /** Curvature (one over the radius) of the cylinder that it is bent to; > 0 bulges towards the camera. */
  readonly bend?: number;
  /** Direction along which it is bent: 0 like a column, 90 like a roof. */
  readonly along?: number;
}

/** A map of the plane, made by software instead of by hands: from where in the photo a point is taken. */
type Warp = (x: number, y: number) => readonly [number, number];

/** A way to pass a photo off as a person. Time runs from 0 to 1. */
export interface Attack {
  readonly name: string;
  readonly kind: 'still photo' | 'moved photo' | 'bent photo';
  readonly pose?: (time: number) => Pose;
  readonly warp?: (time: number) => Warp;
}

const { sin, cos, PI } = Math;
/** Swings to one side and back once in the middle of the video, and rests before and after. */
const once = (time: number) => {
  const t = (time - 0.3) / 0.4;
  return t <= 0 || t >= 1 ? 0 : sin(PI * t) ** 2 * 1;
};
/** To one side, back, to the other, back. */
const sway = (time: number) => {
  const t = (time - 0.15) / 0.7;
  return t <= 0 || t >= 1 ? 0 : sin(2 * PI * t);
};

const poses = (kind: Attack['kind'], all: Record<string, (time: number) => Pose>): Attack[] =>
  Object.entries(all).map(([name, pose]) => ({ name, kind, pose }));

/** Displacements in widths of the photo; x and y from −0.5 to 0.5. */
const warps = (all: Record<string, (time: number) => Warp>): Attack[] =>
  Object.entries(all).map(([name, warp]) => ({ name, kind: 'bent photo', warp }));

/** What can be done with one photo. Photos are of frontal faces that fill about half of them. */
export const attacks: readonly Attack[] = [
  { name: 'still', kind: 'still photo' },
  ...poses('moved photo', {
    shifted: (t) => ({ x: 0.35 * sway(t), y: 0.15 * sin(9 * t) }),
    rolled: (t) => ({ roll: 25 * sway(t) }),
    zoomed: (t) => ({ near: 0.4 * once(t) }),
    'tilted sideways': (t) => ({ yaw: 40 * sway(t), x: 0.1 * sway(t) }),
    'tilted up and down': (t) => ({ pitch: 40 * sway(t) }),
    'tilted and carried': (t) => ({
      yaw: 30 * sway(t),
      pitch: 15 * sin(7 * t),
      roll: 8 * sin(5 * t),
      near: 0.2 * t,
    }),
  }),
  ...poses('bent photo', {
    'column, turned': (t) => ({ bend: 1.6, yaw: 28 * sway(t) }),
    'tight column, turned': (t) => ({ bend: 2.6, yaw: 30 * sway(t) }),
    'column, turned slowly once': (t) => ({ bend: 2, yaw: 25 * once(t), y: 0.03 * t }),
    'column, bent more and less': (t) => ({ bend: 2.6 * sin(PI * t), yaw: 22 * sway(t) }),
    'hollow, turned': (t) => ({ bend: -1.6, yaw: 28 * sway(t) }),
    'roof, nodded': (t) => ({ bend: 1.8, along: 90, pitch: 28 * sway(t) }),
    'tight roof, nodded': (t) => ({ bend: 2.8, along: 90, pitch: 26 * sway(t) }),
    'roof, bent more and less': (t) => ({ bend: 2.4 * sin(2 * PI * t), along: 90, pitch: 15 * sway(t) }),
    'aslant, turned': (t) => ({ bend: 2.2, along: 35, yaw: 25 * sway(t), pitch: 8 * once(t) }),
    'bent, carried and rolled': (t) => ({
      ...{ bend: 1 + 1.2 * sway(t), yaw: 20 * sin(6 * t), roll: 10 * sin(4 * t) },
      ...{ x: 0.2 * sin(5 * t), near: 0.15 * sin(7 * t) },
    }),
  }),
  ...warps({
    'middle pushed sideways': (t) => (x, y) => [x + 0.09 * sway(t) * (1 - 4 * x * x), y],
    'middle pushed down': (t) => (x, y) => [x, y + 0.09 * sway(t) * (1 - 4 * y * y)],
    'waved across': (t) => (x, y) => [x + 0.05 * sway(t) * sin(2 * PI * x + 1), y],
    'waved along': (t) => (x, y) => [x + 0.04 * sin(2 * PI * (y + 2 * t)), y + 0.03 * sin(2 * PI * (x + t))],
    'one side narrowed': (t) => (x, y) => [x + 0.35 * sway(t) * (x * x - 0.25), y * (1 + 0.25 * sway(t) * x)],
    'lower half stretched': (t) => (x, y) => [x, y > 0.05 ? 0.05 + (y - 0.05) * (1 - 0.3 * once(t)) : y],
    'squeezed at the eyes': (t) => (x, y) => [x, y + 0.06 * once(t) * sin(2 * PI * (y + 0.12))],
  }),
];

/** A photo of the largest face, as one would print it for an attack; undefined where there is none. */
export async function printOf(engine: FaceEngine, picture: Frame): Promise<Frame | undefined> {
  const [face] = await engine.detectFaces(picture);
  if (face === undefined) return undefined;
  const crops = newCrops(1, side, side);
  const span = Math.max(face.width, face.height) * 1.8;
  const map = squareMap(face.x + face.width / 2, face.y + face.height / 2, span, 0, side);
  await sampleInto(picture, map, crops, 0);
  return { width: side, height: side, data: crops.data };
}

/** Frames of an attack with a photo, before a plain wall. */
export function* framesOf(photo: Frame, attack: Attack, seconds = 4): Generator<VideoFrame> {
  const count = Math.round(seconds * 10);
  for (let i = 0; i < count; i++) {
    const time = i / (count - 1);
    yield { ...pictured(photo, time, attack), timeMs: i * 100 };
  }
}

const side = 480;
/** The camera's focal length over the picture's side, and how far the photo is held, in its widths. */
const focal = 1.2;
const distance = 1.35;

function pictured(photo: Frame, time: number, { pose, warp }: Attack): Frame {
  const data = new Uint8Array(side * side * 3);
  const cast = warp === undefined ? hold(photo, pose?.(time) ?? {}) : undefined;
  const plain = warp?.(time);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = (column + 0.5) / side - 0.5;
      const y = (row + 0.5) / side - 0.5;
      const from = cast === undefined ? plain?.(x, y) : cast(x, y);
      paint(data, (row * side + column) * 3, photo, from, 150 + 20 * x - 15 * y);
    }
  }
  return { width: side, height: side, data };
}

/** Bilinear, from coordinates in widths of the photo about its middle; `wall` beside it. */
function paint(
  data: Uint8Array,
  at: number,
  photo: Frame,
  from: readonly [number, number] | undefined,
  wall: number,
): void {
  const x = ((from?.[0] ?? 9) + 0.5) * photo.width - 0.5;
  const y = (from?.[1] ?? 9) * photo.width + photo.height / 2 - 0.5;
  if (!(x >= 0 && y >= 0 && x < photo.width - 1 && y < photo.height - 1)) {
    data.fill(wall, at, at + 3);
    return;
  }
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const row = photo.width * 3;
  for (let channel = 0; channel < 3; channel++) {
    const corner = (top * photo.width + left) * 3 + channel;
    const a = photo.data[corner] ?? 0;
    const b = photo.data[corner + 3] ?? 0;
    const c = photo.data[corner + row] ?? 0;
    const d = photo.data[corner + row + 3] ?? 0;
    data[at + channel] = (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy + 0.5;
  }
}

type Vector = readonly [number, number, number];

/** Where on the photo the ray through a point of the picture meets it: an exact cast onto a plane or cylinder. */
function hold(photo: Frame, pose: Pose): (x: number, y: number) => readonly [number, number] | undefined {
  const radians = (degrees = 0) => (degrees * PI) / 180;
  const [yaw, pitch, roll, along] = [pose.yaw, pose.pitch, pose.roll, pose.along].map(radians) as [
    number,
    number,
    number,
    number,
  ];
  // Into the photo's own directions: the inverse of roll · pitch · yaw.
  const inward = ([x, y, z]: Vector): Vector => {
    const [x1, y1] = [cos(roll) * x + sin(roll) * y, cos(roll) * y - sin(roll) * x];
    const [y2, z2] = [cos(pitch) * y1 + sin(pitch) * z, cos(pitch) * z - sin(pitch) * y1];
    return [cos(yaw) * x1 + sin(yaw) * z2, y2, cos(yaw) * z2 - sin(yaw) * x1];
  };
  const far = distance / (1 + (pose.near ?? 0));
  const [ox, oy, oz] = inward([-(pose.x ?? 0), -(pose.y ?? 0), -far]);
  const bend = pose.bend ?? 0;
  const tall = photo.height / photo.width / 2;
  return (x, y) => {
    const [dx, dy, dz] = inward([x / focal, y / focal, 1]);
    // Along the bend and across it.
    const [os, ot] = [cos(along) * ox + sin(along) * oy, cos(along) * oy - sin(along) * ox];
    const [ds, dt] = [cos(along) * dx + sin(along) * dy, cos(along) * dy - sin(along) * dx];
    for (const way of meetings(os, oz, ds, dz, bend)) {
      const s = arc(os + way * ds, oz + way * dz, bend);
      const t = ot + way * dt;
      const u = cos(along) * s - sin(along) * t;
      const v = sin(along) * s + cos(along) * t;
      if (Math.abs(u) <= 0.5 && Math.abs(v) <= tall) return [u, v];
    }
    return undefined;
  };
}

/** How far along a ray it meets the photo's cross-section: the circle s² + (z − 1/bend)² = 1/bend², or z = 0. */
function meetings(os: number, oz: number, ds: number, dz: number, bend: number): number[] {
  if (Math.abs(bend) < 1e-3) return Math.abs(dz) < 1e-9 ? [] : [-oz / dz];
  const b = os * ds + oz * dz - dz / bend;
  const a = ds * ds + dz * dz;
  const c = os * os + oz * oz - (2 * oz) / bend;
  const root = b * b - a * c;
  if (root < 0) return [];
  const middle = -b / a;
  const half = Math.sqrt(root) / a;
  return [middle - half, middle + half].filter((way) => way > 0);
}

/** Length along the bent photo from its middle. */
function arc(s: number, z: number, bend: number): number {
  if (Math.abs(bend) < 1e-3) return s;
  return Math.atan2(s * bend, 1 - z * bend) / bend;
}
