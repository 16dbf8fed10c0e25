import type { Action } from '@openfrs/core';
import {
  type ActionEvent,
  decide,
  type FrameObservation,
  featureOf,
  kindOf,
  type MotionKind,
  measureMotionCues,
  motionFeatures,
} from '@openfrs/liveness/testing';
import type { Presentation } from '../species/presentations.ts';

/** One action of one clip as the motion score sees it. */
export interface Sample {
  readonly attack: boolean;
  readonly group: string;
  readonly person: string;
  readonly kind: MotionKind;
  /** Was there a rest to compare? */
  readonly rested: boolean;
  /** Does it pass every other check? */
  readonly passes: boolean;
  readonly features: readonly number[];
}

const nodThreshold = 10;
/** What is kept before and after a movement that nobody asked for, in ms. */
const [before, after] = [1500, 1200];

/**
 * What was asked for where the clip shows it; of people who do as they like, each movement that would count as an
 * action, with what is around it: they are taken for clips of their own.
 */
export function samplesOf(
  presentation: Presentation,
  observations: readonly FrameObservation[],
  durationMs: number,
): Sample[] {
  const { actions } = presentation;
  if (actions.length > 0) {
    const decision = decide(observations, { actions, nodThreshold }, { durationMs });
    const others = decision.refusals.filter(({ check }) => check !== 'living motion');
    const events = decision.schedule.flatMap((event) => event ?? []).filter(isSeen);
    return sampled(presentation, observations, events, others.length === 0);
  }
  const all: readonly Action[] = [1, 2, 3, 4];
  const { events } = decide(observations, { actions: all, nodThreshold }, { durationMs });
  return events.filter(isSeen).flatMap((event) => {
    const around = observations.filter(
      ({ timeMs }) => timeMs > event.from - before && timeMs < event.to + after,
    );
    return sampled(presentation, around, [event], true);
  });
}

const isSeen = ({ confidence }: ActionEvent) => confidence >= 0.5;

function sampled(
  { attack, group, person }: Presentation,
  observations: readonly FrameObservation[],
  events: readonly ActionEvent[],
  passes: boolean,
): Sample[] {
  const cues = measureMotionCues(observations, events);
  return cues.actions.flatMap((action) => {
    const kind = kindOf(action.action);
    if (kind === undefined) return [];
    return [
      {
        ...{ attack, group, person, kind, passes, rested: cues.rest !== undefined },
        features: motionFeatures.map((name) => featureOf(name, cues, action)),
      },
    ];
  });
}
