import { readFileSync } from 'node:fs';
import { readConfig } from '@openfrs/core';
import type { LocalLiveness } from '@openfrs/liveness';
import { createVideoDecoder } from '@openfrs/video';
import { sharedData } from '../../support/shared-data.ts';
import { median } from '../statistics/quantile.ts';

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

/** Judging a 5 s clip of 640 × 480 beside decoding it, five times in turn; medians. */
export async function measureSpeed(liveness: LocalLiveness, totalMs: number) {
  const path = 'clips/mp4_h264.mp4';
  const file = readFileSync(sharedData(path) ?? path);
  const decoder = createVideoDecoder({ ...readConfig().video, totalMs });
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
  const decodeMs = median(rounds.map((round) => round.decode.cpuMs));
  return {
    decoder: decoder.name,
    frames,
    rounds,
    cpu: {
      decodeMs,
      judgeMs: median(rounds.map((round) => round.judge.cpuMs)),
      allowedMs: 2 * decodeMs + 15 * frames,
    },
    maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}
