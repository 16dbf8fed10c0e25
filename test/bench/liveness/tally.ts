import type { LivenessReport } from '@openfrs/liveness';
import type { Label } from './labels.ts';

/** Actions made, found, claimed and wrongly claimed. */
export interface Tally {
  made: number;
  found: number;
  claimed: number;
  wrong: number;
}

export const newTally = (): Tally => ({ made: 0, found: 0, claimed: 0, wrong: 0 });

type Event = LivenessReport['judgement']['events'][number];

/** Claimed actions; blinks are not labelled, so not counted. */
export const claimedIn = ({ judgement }: LivenessReport): Event[] =>
  judgement.events.filter(({ action, confidence }) => action !== 5 && confidence >= 0.5);

/** Does an event peak while a label says, give or take a frame? */
export const fits = ({ peak }: Event, { from, to }: Label) =>
  peak >= from * 1000 - 100 && peak <= to * 1000 + 100;

/** What an application asks for and a person does on purpose. */
export const isAsked = ({ brief = false }: Label) => !brief;

/** Adds a video's claims to a tally; tells of each that was missed or is wrong. */
export function count(
  tally: Tally,
  labels: readonly Label[],
  claimed: readonly Event[],
  tell: (what: string) => void,
): void {
  for (const label of labels.filter(isAsked)) {
    tally.made += 1;
    if (claimed.some((event) => event.action === label.action && fits(event, label))) tally.found += 1;
    else tell(`missed: action ${label.action} at ${label.from} s`);
  }
  for (const event of claimed) {
    const fitting = labels.filter((label) => event.action === label.action && fits(event, label));
    if (fitting.length > 0 && !fitting.some(isAsked)) continue;
    tally.claimed += 1;
    if (fitting.length > 0) continue;
    tally.wrong += 1;
    tell(`wrongly claimed: action ${event.action} at ${event.peak / 1000} s`);
  }
}
