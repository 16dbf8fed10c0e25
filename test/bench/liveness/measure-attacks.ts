import type { LocalLiveness } from '@openfrs/liveness';
import { type Attack, attacks, cameras, framesOf, pairAttacks } from '@openfrs/liveness/testing';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import { pairSources, photoSources, type Source } from './attack-photos.ts';
import { recorded } from './ffmpeg.ts';

/** How many recordings there were of a way, in how many an action was seen, and in how many a living person too. */
interface Passed {
  readonly kind: Attack['kind'];
  videos: number;
  claimed: number;
  alive: number;
}

const seconds = 3.6;

/**
 * Records what can be done with photos, as MP4 and WebM through real encoders, and has the files judged from the
 * decoder on, asked for every action. Each source takes every `nth` way, each way another camera in turn.
 */
export async function measureAttacks(
  pipeline: FacePipeline,
  liveness: LocalLiveness,
  given: readonly string[],
  nth: number,
) {
  const byWay: Record<string, Passed> = {};
  const measure = async (sources: readonly Source[], ways: readonly Attack[]) => {
    for (const [i, source] of sources.entries()) {
      for (const [k, way] of ways.entries()) {
        if ((i + k) % nth === 0) await attack(source, way, cameras[(7 * k + 3 * i) % cameras.length]);
      }
    }
  };
  const attack = async (source: Source, way: Attack, camera = cameras[0]) => {
    if (camera === undefined) return;
    const video = await recorded(framesOf(source.prints, way, seconds, camera), camera);
    const request = { actions: [1, 2, 3, 4, 5], nodThreshold: 10 } as const;
    const { judgement } = await liveness.reportVideo(video, request);
    const claimed = judgement.events.filter(({ confidence }) => confidence >= 0.5);
    byWay[way.name] ??= { kind: way.kind, videos: 0, claimed: 0, alive: 0 };
    const row = byWay[way.name];
    if (row === undefined) return;
    row.videos += 1;
    if (claimed.length === 0) return;
    row.claimed += 1;
    // 7: the anti-spoof models or the continuity speak against a person.
    const alive = ![4, 5, 7].some((code) => judgement.warnings.some((warning) => warning === code));
    if (alive) row.alive += 1;
    const seen = claimed.map(({ action, peak }) => `${action} at ${Math.round(peak)} ms`).join(', ');
    console.error(`${alive ? 'passes' : 'claimed'}: ${source.name}, ${way.name}: ${seen}`);
  };
  await measure(await photoSources(pipeline, given), attacks);
  await measure(await pairSources(pipeline), pairAttacks);
  return { byKind: sums(byWay), byWay };
}

function sums(byWay: Record<string, Passed>) {
  const byKind: Record<string, Omit<Passed, 'kind'>> = {};
  for (const { kind, videos, claimed, alive } of Object.values(byWay)) {
    const sum = byKind[kind] ?? { videos: 0, claimed: 0, alive: 0 };
    byKind[kind] = {
      videos: sum.videos + videos,
      claimed: sum.claimed + claimed,
      alive: sum.alive + alive,
    };
  }
  return byKind;
}
