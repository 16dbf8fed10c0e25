import { type ActionEvent, confidenceOf, restYaw } from './actions.ts';
import { unexplained } from './flat-motion.ts';
import type { Observation, ObservedFace } from './observation.ts';
import { isReliable, quantile, seriesOf } from './series.ts';

/**
 * What a head's turn or nod leaves unexplained at least. Measured on real turns and nods of 10° and more: .032 to
 * .2; on photos moved, tilted to 25° and bent by software: .001 to .012.
 */
export const solidThreshold = 0.022;

/**
 * Weakens turns and nods that a flat picture could have made: a landmark model sees a face turn where a photo is
 * bent, the pixels don't. Compared are the face at its farthest and the nearest one at rest.
 */
export function solidEvents(
  observations: readonly Observation[],
  events: readonly ActionEvent[],
): ActionEvent[] {
  const seen = observations.filter(isReliable);
  const rest = {
    yaw: restYaw(seriesOf(observations, 'yaw')),
    pitch: quantile(seriesOf(observations, 'pitch').values, 0.5),
  };
  return events.map((event) => {
    if (event.action > 3 || event.strength < 0.6) return event;
    const solid = solidity(seen, event, rest);
    if (solid === undefined || solid >= solidThreshold) return event;
    const strength = event.strength * (solid / solidThreshold) * 0.9;
    return { ...event, strength, confidence: confidenceOf(strength) };
  });
}

/** The least that the two directions of warping leave; undefined when there is nothing to compare with. */
function solidity(
  seen: readonly Observation[],
  event: ActionEvent,
  rest: { readonly yaw: number; readonly pitch: number },
): number | undefined {
  const peak = seen.find(({ timeMs }) => timeMs === event.peak)?.face;
  const calm = seen.filter(({ timeMs }) => timeMs < event.from || timeMs > event.to);
  const cost = ({ timeMs, face }: Observation) => {
    const { yaw = 90, pitch = 90 } = face?.signals ?? {};
    const away = Math.abs(yaw - rest.yaw) + Math.abs(pitch - rest.pitch);
    return away + Math.abs(timeMs - event.peak) / 500;
  };
  const still = calm.reduce<Observation | undefined>(
    (best, one) => (best === undefined || cost(one) < cost(best) ? one : best),
    undefined,
  );
  return compared(peak, still?.face);
}

function compared(a: ObservedFace | undefined, b: ObservedFace | undefined): number | undefined {
  if (a?.view === undefined || b?.view === undefined) return undefined;
  return Math.min(unexplained(a.view, b.view), unexplained(b.view, a.view));
}
