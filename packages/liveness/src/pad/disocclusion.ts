import { contours } from '@openfrs/vision/pipeline';
import type { ActionEvent } from '../actions/detect-actions.ts';
import { restMouth } from '../actions/rest.ts';
import { quantile, timeSeriesOf } from '../actions/time-series.ts';
import type { FaceView } from '../tracking/face-view.ts';
import type { FrameObservation } from '../tracking/observation.ts';
import { isFrameSwap } from './frame-swap.ts';
import { disoccluded, fitPlanarMotion, type PlanarMotion, residualOutside } from './planar-motion.ts';

/** What tells lips that part and lids that shut from pictures of them. */
const disocclusionLimits = {
  /**
   * What they uncover (planar-motion.ts) where they move just as far as an action asks for; where they move farther, the
   * square less: no photo parts its lips twice as far, however it is tilted or bent.
   */
  disoccluded: 0.2,
  /**
   * Where they move from one frame to the next, and back, at least so much of the rest of the face differs as well:
   * people's .004 and more; an edited photo that is shown for a while leaves the coder's noise.
   */
  residualOutside: 0.002,
  /** Part of the way within which a frame counts as one at rest: on the way less has been uncovered. */
  atRest: 0.3,
  /** Part of the way that makes one step of it. */
  step: 0.8,
} as const;

/** Frames at rest that the farthest one is compared with. */
const comparisons = 3;

interface Compared {
  readonly flat: PlanarMotion;
  readonly disoccluded: number;
}

/** How sure lips or lids have moved, 1 at the decision; undefined without pictures. */
export function scoreDisocclusion(seen: readonly FrameObservation[], event: ActionEvent): number | undefined {
  const mouth = event.action === 4;
  const rings = mouth ? contours.mouth.slice(1) : contours.eyes;
  /** How far lips are open or lids shut. */
  const moved = ({ face }: FrameObservation) =>
    (mouth ? 1 : -1) * (face?.signals[mouth ? 'mouth' : 'eyes'] ?? 0);
  const during = seen.filter(({ timeMs }) => Math.abs(timeMs - event.peak) <= 150);
  const [farthest] = during.toSorted((a, b) => moved(b) - moved(a));
  const peak = farthest?.face?.view;
  if (farthest === undefined || peak === undefined) return undefined;
  const usual = quantile(seen.map(moved), 0.25);
  const rest = mouth ? restMouth(usual, timeSeriesOf(seen, 'mouth')) : usual;
  const atRest = rest + disocclusionLimits.atRest * (moved(farthest) - rest);
  const compare = (frame: FrameObservation): Compared[] => {
    const view: FaceView | undefined = frame.face?.view;
    if (view === undefined) return [];
    const [shut, open] = mouth ? [view, peak] : [peak, view];
    const flat = fitPlanarMotion(shut, open);
    return [{ flat, disoccluded: disoccluded(shut, open, flat, rings) }];
  };
  // The nearest frames before and after: the head, or the photo, has hardly moved meanwhile.
  const compared = seen
    .filter((frame) => moved(frame) < atRest)
    .toSorted((a, b) => Math.abs(a.timeMs - event.peak) - Math.abs(b.timeMs - event.peak))
    .slice(0, comparisons)
    .flatMap(compare);
  const uncovered =
    compared.length === 0
      ? 0
      : quantile(
          compared.map((one) => one.disoccluded),
          0.5,
        );
  const share = (uncovered * Math.max(1, event.strength) ** 2) / disocclusionLimits.disoccluded;
  if (share < 1 || !isFrameSwap(seen, farthest, moved, rest, disocclusionLimits.step)) return share;
  const moving = mouth ? contours.mouth.slice(0, 1) : contours.eyes;
  const beside = Math.max(...compared.map(({ flat }) => residualOutside(flat, moving)));
  return Math.min(share, beside / disocclusionLimits.residualOutside);
}
