import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Action } from '@openfrs/core';
import { decide, type FrameObservation, observe } from '@openfrs/liveness/testing';
import type { VideoDecoder } from '@openfrs/video';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import { createCache } from './species/presentation-cache.ts';
import { attackPresentations, bonaFide, type Presentation } from './species/presentations.ts';
import type { Segment } from './species/segments.ts';
import { shareOf } from './species/share-of.ts';

interface Tracked {
  readonly observations: readonly FrameObservation[];
  readonly durationMs: number;
}

interface Row {
  n: number;
  alive: number;
}

interface SpeciesOptions {
  /** Folder in which files and observations are kept. */
  readonly cache?: string | undefined;
  /** More segments than the shared ones: a JSON file. */
  readonly segments?: string | undefined;
  /** Only groups whose names match it, a regular expression. */
  readonly only?: string | undefined;
  /** Only what the cache holds already. */
  readonly kept?: boolean | undefined;
}

const nodThreshold = 10;
const shuffled = ({ id }: Presentation) => createHash('sha256').update(id).digest().readUInt32LE();

/**
 * APCER by species and BPCER by condition, with Wilson intervals: each presentation is recorded, decoded, tracked, and
 * asked for what it shows. Idle people are asked for each action in turn: what they are taken to have done is `claimed`.
 */
export async function measureSpecies(pipeline: FacePipeline, decoder: VideoDecoder, options: SpeciesOptions) {
  const cache = createCache(options.cache);
  const extra: Segment[] =
    options.segments === undefined ? [] : JSON.parse(readFileSync(options.segments, 'utf8'));
  const track = (presentation: Presentation): Promise<Tracked> =>
    cache.value('observations', presentation.id, async () => {
      const file = await cache.bytes('files', presentation.id, () => presentation.file());
      return observe(pipeline, decoder, file);
    });
  const wanted = ({ group, id }: Presentation) =>
    (options.only === undefined || new RegExp(options.only).test(group)) &&
    (!options.kept || cache.has('observations', id));
  // In no order, so that a run that is cut short has seen some of everything.
  const presentations = [...bonaFide(extra), ...attackPresentations(pipeline, extra)]
    .filter(wanted)
    .sort((a, b) => shuffled(a) - shuffled(b));
  const attacks: Record<string, Row> = {};
  const people: Record<string, Row> = {};
  const byAction: Record<string, Row> = {};
  const claimed: Record<string, Row> = {};
  const count = (rows: Record<string, Row>, name: string, alive: boolean) => {
    rows[name] ??= { n: 0, alive: 0 };
    const row = rows[name];
    row.n += 1;
    if (alive) row.alive += 1;
  };
  const judged = ({ observations, durationMs }: Tracked, actions: readonly Action[]) =>
    decide(observations, { actions, nodThreshold }, durationMs);
  for (const presentation of presentations) {
    const { attack, group, actions, id } = presentation;
    const tracked = await track(presentation);
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
      count(claimed, mistaken ?? `idle, asked for ${other}`, seen);
      if (seen) console.error(`claimed ${other}: ${id}: ${JSON.stringify(summary(decision))}`);
    }
  }
  const table = (rows: Record<string, Row>, hits: (row: Row) => number) =>
    Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, shareOf(hits(row), row.n)]));
  return {
    apcer: table(attacks, ({ alive }) => alive),
    bpcer: table(people, ({ n, alive }) => n - alive),
    bpcerByAction: table(byAction, ({ n, alive }) => n - alive),
    claimedNotPerformed: table(claimed, ({ alive }) => alive),
  };
}

function summary({ actions, events, live, continuity, warnings }: ReturnType<typeof decide>) {
  const asked = actions.map(({ action, confidence }) => `${action}: ${confidence.toFixed(2)}`);
  const seen = events
    .filter(({ action, strength }) => action !== 5 && strength > 0.5)
    .map(({ action, peak, strength }) => `${action}@${Math.round(peak)} ${strength.toFixed(2)}`);
  return {
    asked,
    seen,
    live,
    warnings,
    sameness: continuity.sameness,
    jumps: continuity.jumps,
    lost: continuity.longestLossMs,
  };
}
