import type { Action } from '@openfrs/core';
import { decide } from '@openfrs/liveness/testing';
import type { VideoDecoder } from '@openfrs/video';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import { shareOf } from './species/share-of.ts';
import { allPresentations, followed, type SpeciesOptions, type Tracked } from './species/tracked.ts';

interface Row {
  n: number;
  alive: number;
}

const nodThreshold = 10;

/**
 * APCER by species and BPCER by condition, with Wilson intervals: each presentation is recorded, decoded, tracked, and
 * asked for what it shows. Idle people are asked for each action in turn: what they are taken to have done is `claimed`.
 * `refusedBy` counts the checks that people failed, by condition.
 */
export async function measureSpecies(pipeline: FacePipeline, decoder: VideoDecoder, options: SpeciesOptions) {
  const attacks: Record<string, Row> = {};
  const people: Record<string, Row> = {};
  const byAction: Record<string, Row> = {};
  const claimed: Record<string, Row> = {};
  const refusedBy: Record<string, Record<string, number>> = {};
  const count = (rows: Record<string, Row>, name: string, alive: boolean) => {
    rows[name] ??= { n: 0, alive: 0 };
    const row = rows[name];
    row.n += 1;
    if (alive) row.alive += 1;
  };
  const judged = ({ observations, durationMs }: Tracked, actions: readonly Action[]) =>
    decide(observations, { actions, nodThreshold }, { durationMs });
  for (const { presentation, track } of followed(pipeline, decoder, options, allPresentations)) {
    const { attack, group, actions, id } = presentation;
    const tracked = await track();
    const tell = (alive: boolean, decision: ReturnType<typeof judged>) =>
      console.error(`${alive ? 'alive' : 'refused'}: ${id}: ${JSON.stringify(summary(decision))}`);
    if (attack) {
      const decision = judged(tracked, actions);
      count(attacks, group, decision.alive);
      if (decision.alive) tell(true, decision);
      continue;
    }
    const [did] = actions;
    if (did !== undefined) {
      const decision = judged(tracked, [did]);
      count(people, group, decision.alive);
      count(byAction, `${did === 3 ? 'nods' : did === 4 ? 'mouths' : 'turns'}, ${group}`, decision.alive);
      if (!decision.alive) tell(false, decision);
      for (const { check, action } of decision.refusals) {
        refusedBy[group] ??= {};
        const checks = refusedBy[group];
        const name = action === undefined ? check : `${check} ${action}`;
        checks[name] = (checks[name] ?? 0) + 1;
      }
    }
    for (const other of ([1, 2, 3, 4] as const).filter((action) => !actions.includes(action))) {
      // What a cut shows beside its action isn't labelled, but for turns and nods, which must not be mistaken for each other.
      const mistaken =
        did !== undefined && did < 3 && other === 3
          ? 'turns seen as nods'
          : did === 3 && other < 3
            ? 'nods seen as turns'
            : undefined;
      if (did !== undefined && mistaken === undefined) continue;
      const decision = judged(tracked, [other]);
      const seen = (decision.actions[0]?.confidence ?? 0) >= 0.5;
      count(claimed, mistaken ?? `${group}, asked for ${other}`, seen);
      if (seen) console.error(`claimed ${other}: ${id}: ${JSON.stringify(summary(decision))}`);
    }
  }
  const table = (rows: Record<string, Row>, hits: (row: Row) => number) =>
    Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, shareOf(hits(row), row.n)]));
  return {
    apcer: table(attacks, ({ alive }) => alive),
    bpcer: table(people, ({ n, alive }) => n - alive),
    bpcerByAction: table(byAction, ({ n, alive }) => n - alive),
    refusedBy,
    claimedNotPerformed: table(claimed, ({ alive }) => alive),
  };
}

function summary({ actions, events, live, motion, continuity, refusals }: ReturnType<typeof decide>) {
  const asked = actions.map(({ action, confidence }) => `${action}: ${confidence.toFixed(2)}`);
  const seen = events
    .filter(({ action, strength }) => action !== 5 && strength > 0.5)
    .map(({ action, peak, strength }) => `${action}@${Math.round(peak)} ${strength.toFixed(2)}`);
  return {
    asked,
    seen,
    live,
    motion: motion?.score,
    refusals: refusals.map(({ check, value }) => `${check} ${value.toFixed(2)}`),
    sameness: continuity.sameness,
    jumps: continuity.jumps,
    lost: continuity.longestLossMs,
  };
}
