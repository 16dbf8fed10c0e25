import { type FaceView, toPixel, viewSide } from '../tracking/face-view.ts';
import { faceArea } from './face-area.ts';
import { blurAt } from './gaussian-blur.ts';
import { gridNodes, landmarkGrids } from './landmark-grids.ts';
import { viewKernel } from './view-kernel.ts';

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

interface Prepared {
  readonly grey: Float32Array;
  /** Is a part of the view beyond the frame? */
  readonly hasGaps: boolean;
  readonly points: Float32Array;
}
const prepared = new WeakMap<FaceView, Prepared>();

/** A view without gaps, and its landmarks in pixels; kept, as a view is compared several times. */
function prepare(view: FaceView): Prepared {
  const known = prepared.get(view);
  if (known !== undefined) return known;
  const hasGaps = view.grey.includes(Number.NaN);
  const grey = hasGaps ? view.grey.map((value) => (Number.isNaN(value) ? 128 : value)) : view.grey;
  const made = { grey, hasGaps, points: view.points.map((value) => toPixel(value, viewSide)) };
  prepared.set(view, made);
  return made;
}

/**
 * Brings `from` to `to`: the landmarks' map takes most of the way, dense inverse search (T. Kroeger et al., ECCV 2016) the rest. What a flat or
 * warped picture shows is found again but for noise; a living face has changed. `withoutMouth` leaves the lips' surroundings out.
 */
export function registerDensely(from: FaceView, to: FaceView, withoutMouth: boolean): DenseRegistration {
  const [source, target] = [prepare(from), prepare(to)];
  const area = faceArea(target.points, withoutMouth);
  if (target.hasGaps)
    for (let pixel = 0; pixel < area.length; pixel++)
      if (Number.isNaN(to.grey[pixel] as number)) area[pixel] = 0;
  const { run, at, pictures, counts, values, room } = viewKernel();
  pictures.source.set(source.grey);
  pictures.target.set(target.grey);
  counts.set(area);
  const grids = landmarkGrids(target.points, source.points, viewSide);
  for (const [grid, field] of [[grids.x, at.roughX] as const, [grids.y, at.roughY] as const]) {
    values.set(grid);
    run.between(values.byteOffset, gridNodes, viewSide, field);
  }
  run.moved(at.source, at.roughX, at.roughY, viewSide, at.warped);
  run.flow(at.warped, at.target, counts.byteOffset, viewSide, at.fineX, at.fineY, room);
  // First by the flow, from there by the landmarks' map, smoothed.
  for (const [rough, fine, along] of [
    [at.roughX, at.fineX, at.alongX],
    [at.roughY, at.fineY, at.alongY],
  ] as const) {
    run.along(rough, at.fineX, at.fineY, fine, viewSide, along);
    blurAt(along, smoothness);
  }
  run.moved(at.source, at.alongX, at.alongY, viewSide, at.warped);
  return { warped: pictures.warped.slice(), target: target.grey, area, points: target.points };
}
