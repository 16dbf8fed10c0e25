import { readFileSync } from 'node:fs';
import type { LocalLiveness } from '@openfrs/liveness';
import { sharedData } from '../../support/shared-data.ts';
import { leaveOnePersonOut, type Seen } from './cross-validation.ts';
import { type LabelledVideo, photos, videos } from './labels.ts';
import { claimedIn, count, fits, isAsked, newTally, type Tally } from './tally.ts';

interface KindTally extends Tally {
  /** Videos, and those called alive: for people when asked for what they did, for attacks when for what was seen. */
  videos: number;
  alive: number;
}

const bytesOf = (path: string) => readFileSync(sharedData(path) ?? path);

/** Actions found, missed and wrongly claimed by kind of video; APCER and BPCER with counts. */
export async function measureVideos(liveness: LocalLiveness) {
  const tallies: Record<string, KindTally> = {};
  const seen: Seen[] = [];
  for (const video of videos) {
    tallies[video.kind] ??= { ...newTally(), videos: 0, alive: 0 };
    const tally = tallies[video.kind];
    if (tally !== undefined) await addVideo(liveness, video, tally, seen);
  }
  const attacks = Object.entries(tallies).filter(([kind]) => kind !== 'action' && kind !== 'talking');
  const sum = (rows: readonly KindTally[], of: keyof KindTally) =>
    rows.reduce((total, row) => total + row[of], 0);
  const all = Object.values(tallies);
  const unscreened = Object.entries(tallies).flatMap(([kind, tally]) => (kind === 'screen' ? [] : [tally]));
  const attackRows = attacks.map(([, tally]) => tally);
  const people = tallies.action;
  return {
    byKind: tallies,
    found: `${sum(all, 'found')} of ${sum(all, 'made')}`,
    // Not of screens: what is replayed on them was truly made.
    wronglyClaimed: `${sum(unscreened, 'wrong')} of ${sum(unscreened, 'claimed')}`,
    apcer: `${sum(attackRows, 'alive')} of ${sum(attackRows, 'videos')}`,
    bpcer: `${(people?.videos ?? 0) - (people?.alive ?? 0)} of ${people?.videos ?? 0}`,
    margins: marginsOf(seen),
    leaveOnePersonOut: leaveOnePersonOut(seen),
  };
}

/** The recording a cut comes from: cap12, lp_d18 … */
const personIn = (path: string) => /(cap12|lp_d\d+|va_\w+|\w+)[^/]*$/.exec(path)?.[1] ?? path;

/** Confidences of the labelled actions, lowest first: what lies near .5 may fall either way on another recording. */
function marginsOf(seen: readonly Seen[]): number[] {
  const best = seen.flatMap(({ labels, events }) =>
    labels.filter(isAsked).map((label) => {
      const fitting = events.filter((event) => event.action === label.action && fits(event, label));
      return Math.round(100 * Math.max(0, ...fitting.map(({ confidence }) => confidence))) / 100;
    }),
  );
  return best.sort((a, b) => a - b).slice(0, 12);
}

async function addVideo(
  liveness: LocalLiveness,
  { path, kind, labels }: LabelledVideo,
  tally: KindTally,
  seen: Seen[],
): Promise<void> {
  const file = bytesOf(path);
  const report = await liveness.reportVideo(file, { actions: [1, 2, 3, 4], nodThreshold: 10 });
  const claimed = claimedIn(report);
  count(tally, labels, claimed, (what) => console.error(`${path}: ${what}`));
  // Copies of a clip in another container would count a person twice.
  if ((kind === 'action' || kind === 'talking') && !/fmt_|rotflag/.test(path))
    seen.push({ person: personIn(path), labels, events: report.judgement.events });
  tally.videos += 1;
  // People are asked for one thing that they did; attacks for whatever they were seen to do.
  const first = labels.find(isAsked)?.action ?? claimed[0]?.action ?? 4;
  const { alive } = await liveness.judgeVideo(file, { actions: [first], nodThreshold: 10 });
  if (alive) tally.alive += 1;
}

/** Silent liveness of single photos. */
export async function measurePhotos(liveness: LocalLiveness) {
  const rows = [];
  for (const { path, live } of photos) {
    const { alive, confidence, warnings } = await liveness.judgePhoto(bytesOf(path));
    rows.push({ path, live, alive, confidence, warnings });
  }
  return rows;
}
