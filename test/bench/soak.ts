import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Served, withService } from './load/served.ts';
import { type Call, type Counts, caller, noCounts, repeat } from './soak/calls.ts';
import { Imports, importFaces } from './soak/imports.ts';
import { photoRound } from './soak/photos.ts';
import { type Sample, sample, verdicts } from './soak/watch.ts';

const minuteMs = 60_000;
/** In an hour: faces imported, and nearly as many deleted. */
const facesAnHour = 60_000;

/**
 * `npm run bench soak [-- --minutes N --every SECONDS]`: sets that come and go and one that stays, more than 50,000 faces
 * added and deleted an hour, by photos and by import; changed, searched and listed. Prints memory, handles and disk as time goes by.
 * Fails where one of them grows, or an answer wasn't what it must be.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: { minutes: { type: 'string' }, every: { type: 'string' } },
  });
  const lasts = Number(values.minutes ?? 60) * minuteMs;
  const everyMs = Number(values.every ?? 20) * 1000;
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-soak-'));
  const counts = noCounts();
  const samples: Sample[] = [];
  await withService(
    async (served) => {
      const started = Date.now();
      const watching = repeat(started + lasts, everyMs, async () => {
        const now = await sample(served, started);
        samples.push(now);
        console.log(JSON.stringify({ ...now, ...counts }));
      });
      await Promise.all([watching, ...addAndDelete(served, folder, started + lasts, counts)]);
    },
    { everyMs, exact: true },
  );
  await rm(folder, { recursive: true });
  report(samples, counts);
}

/** Two that enrol photos, and two that import: one into new sets, one into a set that stays. */
function addAndDelete(served: Served, folder: string, end: number, counts: Counts): Promise<void>[] {
  const imports = new Imports(folder, served.credentials, counts);
  const importEveryMs = (2 * 60 * minuteMs * importFaces) / facesAnHour;
  const worker = async (pauseMs: number, work: (call: Call, round: number) => Promise<void>) => {
    const call = await caller(served, counts);
    await repeat(end, pauseMs, (round) => work(call, round));
  };
  return [
    ...[0, 1].map((who) => worker(0, (call, round) => photoRound(call, `photos-${who}-${round}`, counts))),
    worker(importEveryMs, (call, round) => imports.passing(call, `passing-${round}`)),
    worker(importEveryMs, (call, round) => imports.lasting(call, 'lasting', round)),
  ];
}

function report(samples: readonly Sample[], counts: Counts): void {
  const judged = verdicts(samples);
  for (const [figure, verdict] of Object.entries(judged)) console.log(JSON.stringify({ figure, ...verdict }));
  console.log(JSON.stringify(counts));
  const growing = Object.entries(judged).filter(([, { flat }]) => !flat);
  if (growing.length > 0) console.log(`growing: ${growing.map(([figure]) => figure).join(', ')}`);
  if (growing.length > 0 || counts.faults > 0) process.exitCode = 1;
}
