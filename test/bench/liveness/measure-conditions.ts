import { readFileSync } from 'node:fs';
import type { LocalLiveness } from '@openfrs/liveness';
import { sharedData } from '../../support/shared-data.ts';
import { conditions, labelsUnder } from './conditions.ts';
import { ffmpeg } from './ffmpeg.ts';
import { videos } from './labels.ts';
import { claimedIn, count, newTally, type Tally } from './tally.ts';

/** The clips that are not copies of another in a different container. */
const distinct = videos.filter(
  ({ path, kind }) => (kind === 'action' || kind === 'talking') && !/fmt_|rotflag/.test(path),
);

/** Actions found and wrongly claimed when the same people had been recorded otherwise. */
export async function measureConditions(liveness: LocalLiveness) {
  const byCondition: Record<string, Tally> = {};
  for (const condition of conditions) {
    const tally = newTally();
    byCondition[condition.name] = tally;
    for (const video of distinct) {
      const format = condition.options?.includes('libvpx') ? 'webm' : 'mp4';
      const codec = format === 'mp4' ? ['-c:v', 'libx264', '-preset', 'veryfast'] : [];
      const options = [...codec, '-pix_fmt', 'yuv420p', ...(condition.options ?? [])];
      const changed = await ffmpeg(
        readFileSync(sharedData(video.path) ?? video.path),
        [],
        ['-an', '-t', '15', '-vf', condition.filter, ...options],
        format,
      );
      const report = await liveness.reportVideo(changed, { actions: [1, 2, 3, 4], nodThreshold: 10 });
      count(tally, labelsUnder(video, condition), claimedIn(report), (what) =>
        console.error(`${condition.name}, ${video.path}: ${what}`),
      );
    }
  }
  const all = Object.values(byCondition);
  const sum = (of: keyof Tally) => all.reduce((total, tally) => total + tally[of], 0);
  return {
    byCondition,
    found: `${sum('found')} of ${sum('made')}`,
    wronglyClaimed: `${sum('wrong')} of ${sum('claimed')}`,
  };
}
