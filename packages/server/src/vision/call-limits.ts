import { type ErrorCode, FrsError } from '@openfrs/contract';
import type { MethodName } from './messages.ts';

/** Pictures and videos are looked at side by side in a worker, one of each at a time: a picture never waits for a video. */
export type Kind = 'picture' | 'video';

export const kindOf = {
  detect: 'picture',
  describe: 'picture',
  judgePhoto: 'picture',
  judgeVideo: 'video',
  reportVideo: 'video',
} as const satisfies Record<MethodName, Kind>;

/** What one call may use of a worker; milliseconds of processor time, of wall-clock time where the system tells no other. */
export interface CallLimits {
  /** Then it is cancelled: the file asks for too much. */
  readonly processorMs: Readonly<Record<Kind, number>>;
  /** After it was cancelled, for whatever reason; then the worker is killed. */
  readonly graceMs: number;
  /** Wall-clock time after it was cancelled, whatever the processor did; then the worker is killed. */
  readonly graceWallMs: number;
  /** Between two readings of the clock. */
  readonly everyMs: number;
}

/**
 * An estimate, not a measurement: a picture has 256 faces at most, all attributes of one take some 60 ms, and twice of that is let
 * pass; a video has 10 s for FFmpeg and 150 frames. Decoding is among it, which has limits of its own.
 */
export const defaultCallLimits: CallLimits = {
  processorMs: { picture: 30_000, video: 60_000 },
  graceMs: 3000,
  graceWallMs: 60_000,
  everyMs: 250,
};

const tooMuch: Readonly<Record<Kind, ErrorCode>> = { picture: 'FRS.0016', video: 'FRS.0701' };

/** A file under which two workers have ended: what decodes it doesn't survive it. */
export function endsWorkers(method: MethodName, cause: Error): FrsError {
  return new FrsError(tooMuch[kindOf[method]], 'It can not be decoded.', { cause });
}

/** A file that needs more than its processor time: the file's fault, which no repetition mends. */
export function tooMuchTime(method: MethodName): FrsError {
  return new FrsError(tooMuch[kindOf[method]], 'It needs too much processor time.');
}
