import { FrsError } from '@openfrs/contract';
import type { FfmpegSession, OnFrame, Spare, VideoDecoder, VideoInfo } from './decoder.ts';
import { decodeArguments, probeArguments } from './ffmpeg-arguments.ts';
import { DecodeLog } from './ffmpeg-log.ts';
import { fileEnd } from './file-end.ts';
import { limits } from './limits.ts';
import { knownContainer, lacksFrames, videoInfo } from './probe.ts';
import { startTimeBudget, type TimeBudget, type TimeLimits } from './time-budget.ts';

/** One way to run FFmpeg. */
interface FfmpegProgram {
  open(video: Uint8Array): Promise<FfmpegSession>;
  /** Loads what every session needs; absent: nothing. */
  warm?(): Promise<void>;
}

/** A decoder over any FFmpeg: sniff, probe, check the limits, decode, judge the damage; within the time limits. */
export function decoderFor(
  name: VideoDecoder['name'],
  { open, warm = async () => {} }: FfmpegProgram,
  given: TimeLimits = {},
): VideoDecoder {
  async function withSession<T>(
    video: Uint8Array,
    signal: AbortSignal | undefined,
    work: (session: FfmpegSession, clock: TimeBudget) => Promise<T>,
  ): Promise<T> {
    knownContainer(video);
    signal?.throwIfAborted();
    const started = performance.now();
    const session = await open(video);
    const clock = startTimeBudget(session, started, { ...limits, ...given }, signal);
    try {
      const working = work(session, clock);
      // When time is up the session is closed below and `working` rejects with nobody waiting for it.
      working.catch(() => {});
      return await Promise.race([working, clock.expired]);
    } finally {
      clock.stop();
      await session.close();
    }
  }

  async function probe(video: Uint8Array, session: FfmpegSession): Promise<VideoInfo> {
    const container = knownContainer(video);
    const played = await session.ffprobe(probeArguments(container, session.input));
    const end = fileEnd(container, video);
    if (!lacksFrames(container, played)) return videoInfo(container, played, end, name);
    // Fewer than the header lists: an edit list hides them, or the file has lost them.
    const stored = await session.ffprobe(probeArguments(container, session.input, true));
    return videoInfo(container, played, lacksFrames(container, stored) ? 'cut' : 'whole', name);
  }

  return {
    name,
    warm,
    probe: (video, signal) => withSession(video, signal, (session) => probe(video, session)),
    decode: (video, onFrame, signal) =>
      withSession(video, signal, async (session, clock) => {
        const info = await probe(video, session);
        clock.probed(info.totalPixels);
        await decodeFrames(session, info, onFrame);
        return info;
      }),
  };
}

/** @throws FrsError FRS.0701 when too much of it is damaged */
async function decodeFrames(session: FfmpegSession, info: VideoInfo, onFrame: OnFrame): Promise<void> {
  const { width, height } = info;
  const log = new DecodeLog();
  const size = width * height * 3;
  let count = 0;
  const hand = async (data: Uint8Array): Promise<Spare> => {
    const timeMs = (await log.timeMs(count)) ?? (count * 1000) / limits.framesPerSecond;
    const said = await onFrame({ width, height, data, timeMs });
    count += 1;
    return said === 'spare' ? said : undefined;
  };
  /** What a frame that comes in pieces is put together in. */
  let frame: Uint8Array = new Uint8Array(0);
  let filled = 0;
  let isSpare = false;
  const onData = async (bytes: Uint8Array): Promise<Spare> => {
    if (filled === 0 && bytes.length === size) return hand(bytes);
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + size - filled);
      if (filled === 0 && !isSpare) frame = new Uint8Array(size);
      frame.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      isSpare = (await hand(frame)) === 'spare';
      filled = 0;
    }
    return 'spare';
  };
  const arguments_ = decodeArguments(info, session.input, session.output);
  const code = await session.ffmpeg(arguments_, size, onData, log);
  const damaged = log.partial || log.damaged > Math.max(1, info.packets * limits.damagedShare);
  if (code !== 0 || count === 0 || damaged) throw new FrsError('FRS.0701');
}
