import type { VideoFrame } from '@openfrs/video';
import type { Frame } from '@openfrs/vision/pipeline';
import type { Attack, Warp } from './attack-presentations.ts';
import { held, type Pose } from './pai-pose.ts';
import type { Features, Print } from './printed-pai.ts';

/** What records an attack, and how well. */
export interface Camera {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly codec: 'h264' | 'vp8';
  readonly kbits: number;
  /** Standard deviation of a pixel's noise, of 255. */
  readonly noise: number;
  /** How far it moves in hands, in parts of the shorter side; how much its exposure drifts. */
  readonly jitter: number;
  readonly drift: number;
  /** By how much nearer than usual the photo is held. */
  readonly near: number;
}

/** What frames are made with where no camera is asked for: steady, without noise. */
const steady = { width: 480, height: 480, framesPerSecond: 10, noise: 0, jitter: 0, drift: 0, near: 0 };

/** Usual ways to record; each attack meets one of them. */
export const cameras: readonly Camera[] = [
  {
    ...{ width: 640, height: 480, framesPerSecond: 15, codec: 'h264', kbits: 900 },
    ...{ noise: 2, jitter: 0.004, drift: 0.05, near: 0 },
  },
  {
    ...{ width: 480, height: 360, framesPerSecond: 15, codec: 'vp8', kbits: 350 },
    ...{ noise: 4, jitter: 0.01, drift: 0.1, near: 0.1 },
  },
  {
    ...{ width: 360, height: 640, framesPerSecond: 15, codec: 'h264', kbits: 500 },
    ...{ noise: 3, jitter: 0.015, drift: 0.1, near: 0 },
  },
  {
    ...{ width: 640, height: 480, framesPerSecond: 10, codec: 'h264', kbits: 200 },
    ...{ noise: 6, jitter: 0.006, drift: 0.15, near: -0.25 },
  },
  {
    ...{ width: 640, height: 360, framesPerSecond: 25, codec: 'vp8', kbits: 700 },
    ...{ noise: 2, jitter: 0, drift: 0, near: 0.2 },
  },
];

/** Frames of an attack with a print, and a second one of the same person where the attack shows two. */
export function* framesOf(
  prints: readonly [Print, Print?],
  attack: Attack,
  seconds = 4,
  camera: Omit<Camera, 'codec' | 'kbits'> = steady,
): Generator<VideoFrame> {
  const { width, height } = camera;
  const count = Math.round(seconds * camera.framesPerSecond);
  const [print, other] = prints;
  const noise = noiseTable(camera.noise);
  const light = new Float32Array(width * height * 3);
  for (let i = 0; i < count; i++) {
    light.fill(0);
    const exposures = attack.exposures ?? 1;
    for (let k = 0; k < exposures; k++) {
      const time = Math.min(1, (i + (0.7 * k) / exposures) / (count - 1));
      const share = other === undefined ? 0 : (attack.second?.(time) ?? 0);
      const shot = { camera, time, cast: castOf(attack, time, print.face, camera) };
      if (share < 1) expose(light, print.frame, shot, (1 - share) / exposures);
      if (share > 0 && other !== undefined) expose(light, other.frame, shot, share / exposures);
    }
    const gain = 1 + camera.drift * Math.sin(5 * (i / count) + 1);
    // Rounds, and keeps within 0..255.
    const data = new Uint8ClampedArray(light.length);
    let grain = (i * 7919) % noise.length;
    for (let at = 0; at < data.length; at++) {
      data[at] = (light[at] as number) * gain + (noise[grain] as number);
      if (++grain === noise.length) grain = 0;
    }
    yield { width, height, data: new Uint8Array(data.buffer), timeMs: (i * 1000) / camera.framesPerSecond };
  }
}

function castOf({ pose, warp }: Attack, time: number, face: Features, camera: Pick<Camera, 'near'>): Warp {
  const at: Pose = pose?.(time) ?? {};
  const cast = held({ ...at, near: (at.near ?? 0) + camera.near });
  if (warp === undefined) return cast;
  const bent = warp(time, face);
  return (x, y) => {
    const on = cast(x, y);
    return on === undefined ? undefined : bent(on[0], on[1]);
  };
}

interface Shot {
  readonly camera: Pick<Camera, 'width' | 'height' | 'jitter'>;
  readonly time: number;
  readonly cast: Warp;
}

/** Pixels between the rays that are cast one by one; between them is what lies between. */
const cell = 8;

/** Adds one exposure's share of light: the photo, and beside it and through its holes a room. */
function expose(light: Float32Array, photo: Frame, { camera, time, cast }: Shot, share: number): void {
  const { width, height, jitter } = camera;
  const unit = Math.min(width, height);
  const shakeX = jitter * (Math.sin(23 * time) + 0.5 * Math.sin(61 * time + 1));
  const shakeY = jitter * (Math.sin(19 * time + 2) + 0.5 * Math.sin(53 * time));
  const pointX = (column: number) => (column + 0.5 - width / 2) / unit + shakeX;
  const pointY = (row: number) => (row + 0.5 - height / 2) / unit + shakeY;
  for (let top = 0; top < height; top += cell) {
    for (let left = 0; left < width; left += cell) {
      const right = left + cell;
      const bottom = top + cell;
      const corners = [
        cast(pointX(left), pointY(top)),
        cast(pointX(right), pointY(top)),
        cast(pointX(left), pointY(bottom)),
        cast(pointX(right), pointY(bottom)),
      ] as const;
      const smooth = isSmooth(corners);
      for (let row = top; row < Math.min(bottom, height); row++) {
        const fy = (row - top) / cell;
        for (let column = left; column < Math.min(right, width); column++) {
          const at = (row * width + column) * 3;
          if (smooth) {
            const fx = (column - left) / cell;
            add(light, at, photo, mixed(corners, 0, fx, fy), mixed(corners, 1, fx, fy), 0, share);
            continue;
          }
          const [x, y] = [pointX(column), pointY(row)];
          const from = cast(x, y);
          add(light, at, photo, from?.[0] ?? 9, from?.[1] ?? 9, room(x, y), share);
        }
      }
    }
  }
}

type Corner = readonly [number, number] | undefined;
type Corners = readonly [Corner, Corner, Corner, Corner];

/** Are all four on the photo and as near to each other as neighbours are? (A fold or a cut tears them apart.) */
function isSmooth(corners: Corners): boolean {
  return corners.every((corner) => {
    const first = corners[0];
    if (corner === undefined || first === undefined) return false;
    return Math.abs(corner[0] - first[0]) < 0.045 && Math.abs(corner[1] - first[1]) < 0.045;
  });
}

/** Bilinear between corners that are on the photo. */
function mixed(corners: Corners, axis: 0 | 1, fx: number, fy: number): number {
  const a = corners[0]?.[axis] ?? 0;
  const b = corners[1]?.[axis] ?? 0;
  const c = corners[2]?.[axis] ?? 0;
  const d = corners[3]?.[axis] ?? 0;
  return (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy;
}

/** A plain wall with a darker board, a lamp's gradient and a table. */
function room(x: number, y: number): number {
  if (y > 0.42) return 70 + 30 * x;
  return x > 0.2 && x < 0.7 && y > -0.45 && y < -0.1 ? 95 : 150 + 20 * x - 15 * y;
}

/** Bilinear, from coordinates in widths of the photo about its middle; `behind` where it isn't. */
function add(
  light: Float32Array,
  at: number,
  photo: Frame,
  u: number,
  v: number,
  behind: number,
  share: number,
): void {
  const x = (u + 0.5) * photo.width - 0.5;
  const y = (v + 0.5) * photo.height - 0.5;
  const inside = x >= 0 && y >= 0 && x < photo.width - 1 && y < photo.height - 1;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const row = photo.width * 3;
  const corner = (top * photo.width + left) * 3;
  for (let channel = 0; channel < 3; channel++) {
    let value = behind;
    if (inside) {
      const c = corner + channel;
      const upper = (photo.data[c] as number) * (1 - fx) + (photo.data[c + 3] as number) * fx;
      const lower = (photo.data[c + row] as number) * (1 - fx) + (photo.data[c + row + 3] as number) * fx;
      value = upper * (1 - fy) + lower * fy;
    }
    light[at + channel] = (light[at + channel] as number) + share * value;
  }
}

/** Nearly normal noise, always the same; each frame reads it from another place. */
function noiseTable(deviation: number): Float32Array {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296 - 0.5;
  };
  // The sum of three has a variance of a quarter.
  return Float32Array.from({ length: 65_521 }, () => 2 * deviation * (random() + random() + random()));
}
