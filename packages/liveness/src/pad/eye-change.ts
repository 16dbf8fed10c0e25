import { isReliable, quantile } from '../actions/time-series.ts';
import { viewSide } from '../tracking/face-view.ts';
import type { FrameObservation } from '../tracking/observation.ts';
import { type DenseRegistration, registerDensely } from './dense-registration.ts';
import { greyMismatch } from './registration-residual.ts';

/** Frames are compared that look this near to the way the face mostly looks: degrees of yaw, and of pitch. */
const nearDegrees = 6;
/** Pairs at most, below how many nothing is said, and how far apart they are at least, in ms. */
const pairs = { most: 7, least: 2, apartMs: 450 } as const;
/** Corners and lids of both eyes (MediaPipe's mesh); corners first. */
const eyes = [
  [33, 133, 159, 145],
  [362, 263, 386, 374],
] as const;
/** Half a box about an eye, in the eye's width. */
const beside = 0.75;
const above = 0.55;
/** Fewer pixels tell nothing. */
const leastPixels = 60;

/**
 * How much the eyes change through a video, [0, 2]: 1 − correlation of the grey levels about them, once all movement has been
 * undone; the median of pairs from its first and second half. Eyes of a photo, also of a mask with a hole for a living mouth, neither
 * glance nor blink, and no lid stirs as the mouth opens: noise is left. Undefined where too little was seen.
 */
export function measureEyeChange(observations: readonly FrameObservation[]): number | undefined {
  const seen = observations.flatMap(({ timeMs, ...frame }) => {
    const { view, signals } = frame.face ?? {};
    return isReliable({ timeMs, ...frame }) && view !== undefined && signals !== undefined
      ? [{ timeMs, view, signals }]
      : [];
  });
  const middle = (signal: 'yaw' | 'pitch') =>
    quantile(
      seen.map(({ signals }) => signals[signal]),
      0.5,
    );
  const [yaw, pitch] = [middle('yaw'), middle('pitch')];
  const frames = seen.filter(
    ({ signals }) =>
      Math.abs(signals.yaw - yaw) < nearDegrees && Math.abs(signals.pitch - pitch) < nearDegrees,
  );
  const half = frames.length >> 1;
  const count = Math.min(pairs.most, half);
  const changes = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * half) / count))
    .flatMap((at) => {
      const [a, b] = [frames[at], frames[at + half]];
      if (a === undefined || b === undefined || b.timeMs - a.timeMs < pairs.apartMs) return [];
      return changeOf(registerDensely(a.view, b.view, true)) ?? [];
    })
    .sort((a, b) => a - b);
  return changes.length < pairs.least ? undefined : changes[changes.length >> 1];
}

function changeOf(registration: DenseRegistration): number | undefined {
  const area = aboutEyes(registration);
  const pixels = area.reduce((sum, one) => sum + one, 0);
  return pixels < leastPixels ? undefined : greyMismatch({ ...registration, area });
}

function aboutEyes({ area, points }: DenseRegistration): Uint8Array {
  const [x, y] = [(i: number) => points[2 * i] as number, (i: number) => points[2 * i + 1] as number];
  const boxes = eyes.map((eye) => ({
    x: eye.reduce((sum, i) => sum + x(i), 0) / eye.length,
    y: eye.reduce((sum, i) => sum + y(i), 0) / eye.length,
    width: Math.abs(x(eye[0]) - x(eye[1])),
  }));
  const about = new Uint8Array(area.length);
  for (const eye of boxes) {
    const [across, down] = [beside * eye.width, above * eye.width];
    // Strictly nearer than that.
    const [left, top] = [Math.floor(eye.x - across) + 1, Math.floor(eye.y - down) + 1];
    for (let row = Math.max(0, top); row < Math.min(viewSide, eye.y + down); row++)
      for (let column = Math.max(0, left); column < Math.min(viewSide, eye.x + across); column++)
        about[row * viewSide + column] = area[row * viewSide + column] as number;
  }
  return about;
}
