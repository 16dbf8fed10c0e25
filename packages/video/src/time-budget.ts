import { FrsError } from '@openfrs/contract';
import type { FfmpegSession } from './decoder.ts';
import { limits } from './limits.ts';

export interface TimeLimits {
  /** Processor time of FFmpeg that reading a video's structure may cost, before anything is decoded, ms; default 3,000. */
  readonly probeCpuMs?: number;
  /** Processor time of FFmpeg that a video may cost, ms; default 10,000, and more by its pixels where these are many. */
  readonly cpuMs?: number;
  /** Wall-clock time that a video may take, the consumer's included, ms; default 25,000. */
  readonly totalMs?: number;
}

const checkEveryMs = 100;

export interface TimeBudget {
  /** Rejects when time is up, or the client has left. */
  readonly expired: Promise<never>;
  /** The structure is known: the limit for decoding counts now, in all; so many pixels are to be decoded. */
  probed(totalPixels: number): void;
  stop(): void;
}

/**
 * Ends what takes too long: a file that costs FFmpeg more processor time than any honest one is FRS.0701; where the time on the wall is up
 * before, the machine has too much to do (FRS.0033). Where the system doesn't tell processor time, the wall's stands for it.
 * A signal that aborts ends it at once, with its reason.
 */
export function startTimeBudget(
  session: Pick<FfmpegSession, 'cpuMs'>,
  startedAt: number,
  { probeCpuMs, cpuMs, totalMs }: Required<TimeLimits>,
  signal?: AbortSignal,
): TimeBudget {
  let limit = Math.min(probeCpuMs, cpuMs);
  let timer: NodeJS.Timeout | undefined;
  let leave = () => {};
  const expired = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason);
    if (signal?.aborted) leave();
    signal?.addEventListener('abort', leave, { once: true });
    timer = setInterval(
      () => {
        const passed = performance.now() - startedAt;
        if ((session.cpuMs() ?? passed) >= limit) {
          reject(new FrsError('FRS.0701', 'The video takes too long to decode.'));
        } else if (passed >= totalMs) {
          reject(new FrsError('FRS.0033', 'The machine is too busy to judge this video now.'));
        }
      },
      Math.min(checkEveryMs, limit, totalMs),
    );
  });
  expired.catch(() => {});
  return {
    expired,
    probed(totalPixels) {
      const share = totalPixels / limits.usualPixels;
      limit = cpuMs * Math.min(Math.max(share, 1), limits.largestShare);
    },
    stop() {
      clearInterval(timer);
      signal?.removeEventListener('abort', leave);
    },
  };
}
