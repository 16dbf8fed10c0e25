import { contours } from '../mesh/landmarks.ts';
import type { ActionEvent } from './actions.ts';
import type { FaceView } from './face-view.ts';
import { type Flattening, flattened, uncovered, unexplainedBeside } from './flat-motion.ts';
import type { Observation } from './observation.ts';
import { quantile } from './series.ts';

/** What tells lips that part and lids that shut from pictures of them. */
export const lipAndLidLimits = {
  /** What they uncover (flat-motion.ts): 1 of 144 photos moved, tilted and bent reaches it (most .03), people .2. */
  uncovered: 0.15,
  /**
   * Where they move from one frame to the next, and back, at least so much of the rest of the face differs as well:
   * people's .004 and more; an edited photo that is shown for a while leaves the coder's noise.
   */
  beside: 0.002,
  /** Part of the way that makes one step of it. */
  step: 0.8,
} as const;

/** Frames at rest that the farthest one is compared with. */
const comparisons = 3;

interface Compared {
  readonly flat: Flattening;
  readonly uncovered: number;
}

/** How sure lips or lids have moved, 1 at the decision; undefined without pictures. */
export function lipsOrLids(seen: readonly Observation[], event: ActionEvent): number | undefined {
  const mouth = event.action === 4;
  const rings = mouth ? contours.mouth.slice(1) : contours.eyes;
  /** How far lips are open or lids shut. */
  const moved = ({ face }: Observation) => (mouth ? 1 : -1) * (face?.signals[mouth ? 'mouth' : 'eyes'] ?? 0);
  const during = seen.filter(({ timeMs }) => Math.abs(timeMs - event.peak) <= 150);
  const [farthest] = during.toSorted((a, b) => moved(b) - moved(a));
  const peak = farthest?.face?.view;
  if (farthest === undefined || peak === undefined) return undefined;
  const rest = quantile(seen.map(moved), 0.25);
  const halfway = (moved(farthest) + rest) / 2;
  const compare = (frame: Observation): Compared[] => {
    const view: FaceView | undefined = frame.face?.view;
    if (view === undefined) return [];
    const [shut, open] = mouth ? [view, peak] : [peak, view];
    const flat = flattened(shut, open);
    return [{ flat, uncovered: uncovered(shut, open, flat, rings) }];
  };
  // The nearest frames before and after: the head, or the photo, has hardly moved meanwhile.
  const compared = seen
    .filter((frame) => moved(frame) < halfway)
    .toSorted((a, b) => Math.abs(a.timeMs - event.peak) - Math.abs(b.timeMs - event.peak))
    .slice(0, comparisons)
    .flatMap(compare);
  const [clearest] = compared.toSorted((a, b) => a.flat.fit.mismatch - b.flat.fit.mismatch);
  const share = (clearest?.uncovered ?? 0) / lipAndLidLimits.uncovered;
  if (share < 1 || !isSudden(seen, farthest, moved, rest)) return share;
  const moving = mouth ? contours.mouth.slice(0, 1) : contours.eyes;
  const beside = Math.max(...compared.map(({ flat }) => unexplainedBeside(flat, moving)));
  return Math.min(share, beside / lipAndLidLimits.beside);
}

/** Do they go all the way within one step between frames, and all the way back? */
function isSudden(
  seen: readonly Observation[],
  farthest: Observation,
  moved: (frame: Observation) => number,
  rest: number,
): boolean {
  const at = seen.indexOf(farthest);
  const way = moved(farthest) - rest;
  return [-1, 1].every((direction) => {
    let i = at;
    const away = (k: number) => {
      const frame = seen[k];
      return frame === undefined ? 0 : (moved(frame) - rest) / way;
    };
    while (away(i) > 0.5) i += direction;
    return away(i - direction) - away(i) >= lipAndLidLimits.step;
  });
}
