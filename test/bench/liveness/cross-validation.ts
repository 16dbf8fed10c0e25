import type { LivenessReport } from '@openfrs/liveness';
import type { Label } from './labels.ts';
import { fits, isAsked } from './tally.ts';

type Event = LivenessReport['judgement']['events'][number];

/** What one video of a person shows and what was seen in it, weak events too. */
export interface Seen {
  readonly person: string;
  readonly labels: readonly Label[];
  readonly events: readonly Event[];
}

/** Factors of a threshold that are tried. */
const factors = Array.from({ length: 61 }, (_, i) => 0.7 + i / 100);

/**
 * Leave one person out: for each person the threshold of each action (turns, nods, mouths) is chosen on all the others,
 * as the middle of the factors that make the fewest errors there, and that person is judged with it.
 */
export function leaveOnePersonOut(all: readonly Seen[]) {
  const people = [...new Set(all.map(({ person }) => person))];
  const sum = { made: 0, missed: 0, wrong: 0 };
  const chosen: Record<string, Record<string, number>> = {};
  for (const person of people) {
    const own = all.filter((seen) => seen.person === person);
    const others = all.filter((seen) => seen.person !== person);
    const factorsOf: Record<string, number> = {};
    for (const [kind, actions] of Object.entries(kinds)) {
      const factor = fittest(others, actions);
      factorsOf[kind] = factor;
      const { made, missed, wrong } = errors(own, actions, factor);
      sum.made += made;
      sum.missed += missed;
      sum.wrong += wrong;
    }
    chosen[person] = factorsOf;
  }
  return { people: people.length, ...sum, factors: chosen };
}

const kinds: Readonly<Record<string, readonly number[]>> = { turn: [1, 2], nod: [3], mouth: [4] };

function fittest(seen: readonly Seen[], actions: readonly number[]): number {
  const costs = factors.map((factor) => {
    const { missed, wrong } = errors(seen, actions, factor);
    return missed + wrong;
  });
  const least = Math.min(...costs);
  const best = factors.filter((_, i) => costs[i] === least);
  return best[best.length >> 1] ?? 1;
}

function errors(seen: readonly Seen[], actions: readonly number[], factor: number) {
  const sum = { made: 0, missed: 0, wrong: 0 };
  for (const { labels, events } of seen) {
    const shown = labels.filter(({ action }) => actions.includes(action));
    const asked = shown.filter(isAsked);
    const claimed = events.filter(({ action, strength }) => actions.includes(action) && strength >= factor);
    const meets = (event: Event, label: Label) => event.action === label.action && fits(event, label);
    sum.made += asked.length;
    sum.missed += asked.filter((label) => !claimed.some((event) => meets(event, label))).length;
    sum.wrong += claimed.filter((event) => !shown.some((label) => meets(event, label))).length;
  }
  return sum;
}
