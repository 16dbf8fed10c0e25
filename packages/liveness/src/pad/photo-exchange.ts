import type { FaceView } from '../tracking/face-view.ts';
import { crossFadeResidual, type PlacedView } from './cross-fade.ts';
import { registerDensely } from './dense-registration.ts';
import { detailMismatch, greyMismatch } from './registration-residual.ts';

/** Where an action went farthest, and the frames from there on both sides until it rests, outwards. */
export interface ActionFrames<Frame> {
  readonly farthest: Frame;
  readonly before: readonly Frame[];
  readonly after: readonly Frame[];
}

const limits = {
  /** Parts of the way within which an action rests; where that isn't seen, the nearest frame must be within the other. */
  resting: 0.2,
  nearlyResting: 0.35,
  /** Part of the way that goes from one frame to the next, there and back, where photos are exchanged; seen were .69 to .97. */
  step: 0.65,
  /** So small are changes that cameras and coders make: of the grey levels, and of their detail. */
  leastGrey: 0.0005,
  leastDetail: 0.004,
  /** Pairs of neighbouring frames among which two can stand out. */
  leastPairs: 5,
} as const;

/** `away` tells how far a frame is from rest, `from` and `to` (ms) when the action was seen; undefined where no frame was. */
export function actionFrames<Frame extends { readonly timeMs: number }>(
  seen: readonly Frame[],
  { from, to }: { readonly from: number; readonly to: number },
  away: (frame: Frame) => number,
): ActionFrames<Frame> | undefined {
  const [farthest] = seen
    .filter(({ timeMs }) => timeMs >= from && timeMs <= to)
    .toSorted((a, b) => away(b) - away(a));
  if (farthest === undefined) return undefined;
  const at = seen.indexOf(farthest);
  const untilRest = (frames: readonly Frame[]) => {
    const rest = frames.findIndex((frame) => away(frame) <= limits.resting * away(farthest));
    return rest < 0 ? frames : frames.slice(0, rest + 1);
  };
  return {
    farthest,
    before: untilRest(seen.slice(0, at).reverse()),
    after: untilRest(seen.slice(at + 1)),
  };
}

/** The least that frames on the way, there or back, leave unexplained as a cross-fade (cross-fade.ts), [0, 1]. */
export function crossFadeOf<Frame extends PlacedView>(
  { farthest, before, after }: ActionFrames<Frame>,
  away: (frame: Frame) => number,
): number {
  const residuals = [before, after].map((way) => {
    const [rest] = way.toSorted((a, b) => away(a) - away(b));
    return rest === undefined || away(rest) > limits.nearlyResting * away(farthest)
      ? 1
      : crossFadeResidual(rest, way.slice(0, way.indexOf(rest)), farthest);
  });
  return Math.min(...residuals);
}

/**
 * How abruptly a face changes there and back, movement undone: by how much the second largest change between neighbouring frames
 * exceeds the third, of the grey levels times of their detail. Of two photos in turn exactly two changes are none of a coder's
 * noise; a head that turns changes all the way. 1 where the movement isn't made in one frame there and one back. Lips often move so.
 */
export function exchangeOf<Frame extends { readonly view: FaceView }>(
  { farthest, before, after }: ActionFrames<Frame>,
  away: (frame: Frame) => number,
): number {
  const isAbrupt = [before, after].every((way) => {
    const all = [farthest, ...way];
    const steps = all.slice(1).map((frame, i) => away(all[i] as Frame) - away(frame));
    return Math.max(...steps) >= limits.step * away(farthest);
  });
  const frames = [...before.toReversed(), farthest, ...after];
  if (!isAbrupt || frames.length <= limits.leastPairs) return 1;
  const changes = frames
    .slice(1)
    .map((frame, i) => registerDensely((frames[i] as Frame).view, frame.view, false));
  return (
    standingOut(changes.map(greyMismatch), limits.leastGrey) *
    standingOut(changes.map(detailMismatch), limits.leastDetail)
  );
}

function standingOut(changes: readonly number[], least: number): number {
  const [, second = 0, third = 0] = changes.toSorted((a, b) => b - a);
  return Math.max(second, least) / Math.max(third, least);
}
