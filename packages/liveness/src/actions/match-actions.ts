import type { LivenessRequest } from '@openfrs/core';
import type { ActionEvent } from './detect-actions.ts';

/** For each requested action the event that fulfils it best, or none. */
export type MatchedActions = readonly (ActionEvent | undefined)[];

/** People react a little late, and clocks differ: an action may peak this long after its window. */
const windowToleranceMs = 300;

/**
 * Assigns events to the requested actions: each within its window, or in the given order anywhere. Every event
 * serves once. As many actions as possible are fulfilled, then by the most confident events.
 */
export function matchActions(events: readonly ActionEvent[], request: LivenessRequest): MatchedActions {
  const { actions, windows } = request;
  if (windows !== undefined) {
    const used = new Set<ActionEvent>();
    return actions.map((action, i) => {
      const window = windows[i];
      const fitting = events.filter(
        (event) =>
          event.action === action && !used.has(event) && window !== undefined && within(event, window),
      );
      const best = fitting.reduce<ActionEvent | undefined>(
        (a, b) => (a === undefined || b.confidence > a.confidence ? b : a),
        undefined,
      );
      if (best !== undefined) used.add(best);
      return best;
    });
  }
  return inOrder(events, actions);
}

function within(event: ActionEvent, window: { readonly from: number; readonly to: number }): boolean {
  return event.peak >= window.from && event.peak <= window.to + windowToleranceMs;
}

/** What an assignment is worth: a fulfilled action counts far more than any sum of confidences. */
const worth = (event: ActionEvent) => (event.confidence >= 0.5 ? 100 : 0) + event.confidence;

/** The best subsequence of the events for the actions in order (dynamic programming over both lists). */
function inOrder(events: readonly ActionEvent[], actions: readonly number[]): MatchedActions {
  interface Plan {
    readonly value: number;
    readonly taken: readonly (ActionEvent | undefined)[];
  }
  // plans[i]: the best for the first i actions with the events seen so far.
  let plans: Plan[] = actions.map((_, i) => ({ value: 0, taken: actions.slice(0, i).map(() => undefined) }));
  plans.push({ value: 0, taken: actions.map(() => undefined) });
  for (const event of events) {
    const next = [...plans];
    for (const [i, action] of actions.entries()) {
      const before = plans[i];
      if (action !== event.action || before === undefined) continue;
      const value = before.value + worth(event);
      for (let k = i + 1; k <= actions.length; k++) {
        const skipped = actions.slice(i + 1, k).map(() => undefined);
        if (value > (next[k]?.value ?? 0)) next[k] = { value, taken: [...before.taken, event, ...skipped] };
      }
    }
    plans = next;
  }
  return plans.at(-1)?.taken ?? [];
}
