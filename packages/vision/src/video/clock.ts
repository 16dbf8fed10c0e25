import { FrsError } from '@openfrs/contract';
import type { FfmpegSession } from './decoder.ts';

export interface TimeLimits {
  /** Processor time of FFmpeg that a video may cost, ms; default 10,000. */
  readonly cpuMs?: number;
  /** Wall-clock time that a video may take, the consumer's included, ms; default 14,000. */
  readonly totalMs?: number;
}

const checkEveryMs = 100;

/**
 * Ends what takes too long, and tells whose fault it is: a file that costs FFmpeg more processor time than any
 * honest one is FRS.0701; where the time on the wall is up before that, the machine has too much to do, and the
 * client may try again (FRS.0033). Where the system doesn't tell processor time, the time on the wall stands for it.
 * A signal that aborts ends it at once, with its reason.
 */
export function startClock(
  session: Pick<FfmpegSession, 'cpuMs'>,
  startedAt: number,
  { cpuMs, totalMs }: Required<TimeLimits>,
  signal?: AbortSignal,
): { readonly expired: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let leave = () => {};
  const expired = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason);
    if (signal?.aborted) leave();
    signal?.addEventListener('abort', leave, { once: true });
    timer = setInterval(
      () => {
        const passed = performance.now() - startedAt;
        if ((session.cpuMs() ?? passed) >= cpuMs) {
          reject(new FrsError('FRS.0701', 'It takes too long to decode.'));
        } else if (passed >= totalMs) {
          reject(new FrsError('FRS.0033', 'The machine is too busy to judge this video now.'));
        }
      },
      Math.min(checkEveryMs, cpuMs, totalMs),
    );
  });
  expired.catch(() => {});
  return {
    expired,
    stop() {
      clearInterval(timer);
      signal?.removeEventListener('abort', leave);
    },
  };
}
