import { type ActionEvent, confidenceOf, restYaw } from './actions.ts';
import { unexplained } from './flat-motion.ts';
import type { Observation } from './observation.ts';
import { isReliable, quantile, seriesOf } from './series.ts';

/**
 * What a head's turn or nod leaves unexplained at least. Measured on real turns and nods of 10° and more: .032 to
 * .2; on photos moved, tilted to 25° and bent by software: .001 to .012.
 */
export const solidThreshold = 0.022;

/**
 * Weakens turns and nods that a flat picture could have made: a landmark model sees a face turn where a photo is
 * bent, the pixels don't. Compared are the face at its farthest and at rest.
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

interface Rest {
  readonly yaw: number;
  readonly pitch: number;
}

/** Frames at rest that a farthest one is compared with. */
const comparisons = 3;
/** How far from the movement they may be. */
const nearMs = 1500;

/** What is left unexplained between the farthest frame and the ones at rest around it, the median of a few. */
function solidity(seen: readonly Observation[], event: ActionEvent, rest: Rest): number | undefined {
  const peak = seen.find(({ timeMs }) => timeMs === event.peak)?.face?.view;
  if (peak === undefined) return undefined;
  const calm = seen.filter(
    ({ timeMs }) =>
      (timeMs < event.from && timeMs > event.from - nearMs) ||
      (timeMs > event.to && timeMs < event.to + nearMs),
  );
  const away = ({ face }: Observation) =>
    Math.abs((face?.signals.yaw ?? 90) - rest.yaw) + Math.abs((face?.signals.pitch ?? 90) - rest.pitch);
  // The calmest half, of which a few are taken evenly in time.
  const calmest = calm.toSorted((a, b) => away(a) - away(b)).slice(0, Math.ceil(calm.length / 2));
  const order = calmest.toSorted((a, b) => a.timeMs - b.timeMs);
  const step = Math.max(1, order.length / comparisons);
  const values: number[] = [];
  for (let i = step / 2; i < order.length && values.length < comparisons; i += step) {
    const view = order[Math.floor(i)]?.face?.view;
    if (view !== undefined) values.push(Math.min(unexplained(peak, view), unexplained(view, peak)));
  }
  return values.length === 0 ? undefined : quantile(values, 0.5);
}
