import { readFileSync } from 'node:fs';
import { readConfig } from '@openfrs/core';
import { createLiveness } from '@openfrs/liveness';
import { createVideoDecoder } from '@openfrs/video';
import { createFacePipeline } from '@openfrs/vision/pipeline';
import { median } from '../statistics/quantile.ts';

/*
 * A process that measure-speed.ts starts as the service starts one that looks at videos: judging a clip beside decoding it, five times
 * in turn. It sends the figures to whoever started it.
 */

interface Timing {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Of one clip, medians of the rounds. */
export interface Speed {
  readonly decoder: string;
  readonly frames: number;
  readonly rounds: readonly { readonly decode: Timing; readonly judge: Timing }[];
  readonly cpu: { readonly decodeMs: number; readonly judgeMs: number; readonly allowedMs: number };
  /** The most memory this process has held, its own start included. */
  readonly maxRssMb: number;
}

/** Wall-clock and processor milliseconds of a call; on a busy machine only the second is worth reading. */
async function timed(run: () => Promise<unknown>): Promise<Timing> {
  const before = process.cpuUsage();
  const started = performance.now();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: Math.round(performance.now() - started), cpuMs: Math.round((user + system) / 1000) };
}

async function measure(path: string, totalMs: number): Promise<Speed> {
  const file = readFileSync(path);
  const { modelsDir, video } = readConfig();
  const decoder = createVideoDecoder({ ...video, totalMs });
  const pipeline = await createFacePipeline({ modelsDir, threads: 1 });
  const liveness = await createLiveness({ pipeline, decoder });
  await liveness.warm();
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
  await pipeline.close();
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

const [, , path = '', totalMs = ''] = process.argv;
const speed = await measure(path, Number(totalMs));
process.send?.(speed, () => process.disconnect());
