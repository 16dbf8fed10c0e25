import { type FaceView, sampled, toPixel, viewSide } from '../tracking/face-view.ts';
import { denseFlow, type FlowField } from './dense-flow.ts';
import { faceArea } from './face-area.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { landmarkFlow } from './landmark-flow.ts';

/** One view's pixels brought to where another has them. */
export interface DenseRegistration {
  readonly warped: Float32Array;
  readonly target: Float32Array;
  /** 1 where pixels are compared: well within the face. */
  readonly area: Uint8Array;
  /** The target's landmarks in pixels: x, y pairs. */
  readonly points: Float32Array;
}

/** Pixels over which the field is blurred: finer movement is noise. */
const smoothness = 2;
const lastPixel = viewSide - 1.001;

interface Prepared {
  readonly grey: Float32Array;
  readonly points: Float32Array;
}
const prepared = new WeakMap<FaceView, Prepared>();

/** A view without gaps, and its landmarks in pixels; kept, as a view is compared several times. */
function prepare(view: FaceView): Prepared {
  const known = prepared.get(view);
  if (known !== undefined) return known;
  const grey = view.grey.map((value) => (Number.isNaN(value) ? 128 : value));
  const made = { grey, points: view.points.map((value) => toPixel(value, viewSide)) };
  prepared.set(view, made);
  return made;
}

/**
 * Brings `from` to `to`: the landmarks' map takes most of the way, dense flow the rest. What a flat or warped picture
 * shows is found again but for noise; a living face has changed. `withoutMouth` leaves the lips' surroundings out.
 */
export function registerDensely(from: FaceView, to: FaceView, withoutMouth: boolean): DenseRegistration {
  const [source, target] = [prepare(from), prepare(to)];
  const area = faceArea(target.points, withoutMouth);
  for (let at = 0; at < area.length; at++) if (Number.isNaN(to.grey[at] as number)) area[at] = 0;
  const rough = landmarkFlow(target.points, source.points, viewSide);
  const fine = denseFlow(moved(source.grey, rough), target.grey, area, viewSide);
  return {
    warped: moved(source.grey, composed(rough, fine)),
    target: target.grey,
    area,
    points: target.points,
  };
}

/** The picture with each pixel taken from where the field says. */
function moved(grey: Float32Array, { x, y }: FlowField): Float32Array {
  const to = new Float32Array(grey.length);
  for (let row = 0, at = 0; row < viewSide; row++) {
    for (let column = 0; column < viewSide; column++, at++) {
      const u = Math.max(0, Math.min(lastPixel, column + (x[at] as number)));
      const v = Math.max(0, Math.min(lastPixel, row + (y[at] as number)));
      to[at] = sampled(grey, viewSide, u, v);
    }
  }
  return to;
}

/** First by `fine`, from there by `rough`, smoothed. */
function composed(rough: FlowField, fine: FlowField): FlowField {
  const along = (field: Float32Array, own: Float32Array) => {
    const sum = moved(field, fine);
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (own[at] as number);
    return gaussianBlur(sum, viewSide, smoothness);
  };
  return { x: along(rough.x, fine.x), y: along(rough.y, fine.y) };
}
