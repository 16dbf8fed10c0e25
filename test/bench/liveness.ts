import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  createEngine,
  createLiveness,
  createVideoDecoder,
  decodePicture,
  type FaceEngine,
  type LocalLiveness,
} from '@openfrs/vision';
import { photo } from '../support/photos.ts';
import { sharedData } from '../support/shared-data.ts';
import { attacks, framesOf, printOf } from './liveness/attacks.ts';
import { type LabelledVideo, photos, videos } from './liveness/labels.ts';

/** The limit of a decoder on a quiet machine; benches often run on busy ones. */
const totalMs = 60_000;

interface Tally {
  made: number;
  found: number;
  claimed: number;
  wrong: number;
  /** Videos, and those called alive: for people when asked for what they did, for attacks when for what was seen. */
  videos: number;
  alive: number;
}

/**
 * npm run bench liveness [-- --json FILE] [--speed] [--attacks] [photos …]: actions found, missed and wrongly claimed, by kind of video;
 * APCER (attacks taken for people) and BPCER (people refused) with counts; time beside that of decoding alone;
 * what photos that are moved, tilted and bent (the six of any machine, and those named) pass for.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      speed: { type: 'boolean', default: false },
      attacks: { type: 'boolean', default: false },
    },
  });
  if (!values.attacks && sharedData('') === undefined) throw new Error('../shared/data is not here.');
  const engine = await createEngine({ threads: 1 });
  const liveness = await createLiveness({ engine, decoder: createVideoDecoder({ totalMs }) });
  await liveness.warm();
  try {
    const report = values.attacks
      ? { attacks: await measureAttacks(engine, liveness, positionals) }
      : values.speed
        ? { speed: await measureSpeed(liveness) }
        : { videos: await measureVideos(liveness), photos: await measurePhotos(liveness) };
    console.log(JSON.stringify(report, undefined, 2));
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report));
  } finally {
    await engine.close();
  }
}

const bytesOf = (path: string) => readFileSync(sharedData(path) ?? path);

async function measureVideos(liveness: LocalLiveness) {
  const tallies: Record<string, Tally> = {};
  for (const video of videos) {
    tallies[video.kind] ??= { made: 0, found: 0, claimed: 0, wrong: 0, videos: 0, alive: 0 };
    const tally = tallies[video.kind];
    if (tally !== undefined) await addVideo(liveness, video, tally);
  }
  const attacks = Object.entries(tallies).filter(([kind]) => kind !== 'action' && kind !== 'talking');
  const sum = (rows: readonly Tally[], of: keyof Tally) => rows.reduce((total, row) => total + row[of], 0);
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
  };
}

async function addVideo(
  liveness: LocalLiveness,
  { path, labels }: LabelledVideo,
  tally: Tally,
): Promise<void> {
  const file = bytesOf(path);
  const actions = labels.map(({ action }) => action);
  const { judgement } = await liveness.reportVideo(file, { actions: [1, 2, 3, 4], nodThreshold: 10 });
  const claimed = judgement.events.filter(({ action, confidence }) => action !== 5 && confidence >= 0.5);
  const fits = (peak: number, from: number, to: number) =>
    peak >= from * 1000 - 100 && peak <= to * 1000 + 100;
  tally.made += labels.length;
  for (const { action, from, to } of labels) {
    const found = claimed.some((event) => event.action === action && fits(event.peak, from, to));
    if (found) tally.found += 1;
    else console.error(`missed: ${path} action ${action} at ${from} s`);
  }
  tally.claimed += claimed.length;
  for (const event of claimed) {
    if (labels.some(({ action, from, to }) => action === event.action && fits(event.peak, from, to)))
      continue;
    tally.wrong += 1;
    console.error(`wrongly claimed: ${path} action ${event.action} at ${event.peak / 1000} s`);
  }
  tally.videos += 1;
  // People are asked for one thing that they did; attacks for whatever they were seen to do.
  const asked = actions.length > 0 ? actions.slice(0, 1) : [claimed[0]?.action ?? 4];
  const { alive } = await liveness.judgeVideo(file, { actions: asked, nodThreshold: 10 });
  if (alive) tally.alive += 1;
}

async function measurePhotos(liveness: LocalLiveness) {
  const rows = [];
  for (const { path, live } of photos) {
    const { alive, confidence, warnings } = await liveness.judgePhoto(bytesOf(path));
    rows.push({ path, live, alive, confidence, warnings });
  }
  return rows;
}

/** How many photos passed for a person who did something, by the way they were held. */
async function measureAttacks(engine: FaceEngine, liveness: LocalLiveness, paths: readonly string[]) {
  const passed: Record<string, { photos: number; claimed: number }> = {};
  const pictures = [...([1, 2, 3, 4, 5, 6] as const).map(photo), ...paths.map((path) => readFileSync(path))];
  for (const picture of pictures) {
    const print = await printOf(engine, await decodePicture(picture));
    if (print === undefined) continue;
    for (const attack of attacks) {
      const request = { actions: [1, 2, 3, 4, 5], nodThreshold: 10 } as const;
      const { judgement } = await liveness.reportFrames(framesOf(print, attack), request, 4000);
      passed[attack.name] ??= { photos: 0, claimed: 0 };
      const row = passed[attack.name];
      if (row === undefined) continue;
      row.photos += 1;
      const claimed = judgement.events.filter(({ confidence }) => confidence >= 0.5);
      if (claimed.length > 0) row.claimed += 1;
      for (const { action, peak } of claimed)
        console.error(`passes: ${attack.name} as ${action} at ${peak} ms`);
    }
  }
  return passed;
}

interface Timing {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Wall-clock and processor milliseconds of a call; on a busy machine only the second is worth reading. */
async function timed(run: () => Promise<unknown>): Promise<Timing> {
  const before = process.cpuUsage();
  const started = performance.now();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: Math.round(performance.now() - started), cpuMs: Math.round((user + system) / 1000) };
}

async function measureSpeed(liveness: LocalLiveness) {
  const file = bytesOf('clips/mp4_h264.mp4');
  const decoder = createVideoDecoder({ totalMs });
  let frames = 0;
  const decode = async () => {
    frames = 0;
    await decoder.decode(file, () => {
      frames += 1;
    });
  };
  const judge = () => liveness.judgeVideo(file, { actions: [4], nodThreshold: 10 });
  await decode();
  await judge();
  const rounds: { decode: Timing; judge: Timing }[] = [];
  for (let i = 0; i < 5; i++) rounds.push({ decode: await timed(decode), judge: await timed(judge) });
  const median = (pick: (round: (typeof rounds)[number]) => number) =>
    rounds.map(pick).sort((a, b) => a - b)[rounds.length >> 1] ?? 0;
  const decodeMs = median((round) => round.decode.cpuMs);
  return {
    decoder: decoder.name,
    frames,
    rounds,
    cpu: { decodeMs, judgeMs: median((round) => round.judge.cpuMs), allowedMs: 2 * decodeMs + 15 * frames },
    maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}
