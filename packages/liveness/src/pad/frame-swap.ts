import type { FrameObservation } from '../tracking/observation.ts';

/** Frames farther apart than this may have seen nothing of the way; in ms. */
const neighboursMs = 150;

/**
 * Does a movement go all the way, at least `step` of it, from one frame to the next, and back so as well? A picture
 * that is exchanged for another does; lips and lids often do at ten frames a second, a head doesn't.
 */
export function isFrameSwap(
  seen: readonly FrameObservation[],
  farthest: FrameObservation,
  moved: (frame: FrameObservation) => number,
  rest: number,
  step: number,
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
    const [inside, outside] = [seen[i - direction], seen[i]];
    if (inside === undefined || outside === undefined) return false;
    if (Math.abs(outside.timeMs - inside.timeMs) > neighboursMs) return false;
    return away(i - direction) - away(i) >= step;
  });
}
