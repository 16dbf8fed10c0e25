import type { DecodeLog } from './ffmpeg-log.ts';
import type { Engine } from './most-pixels.ts';
import type { Container } from './sniff.ts';

/** What brings a stored frame upright: nothing, a quarter clockwise or counter-clockwise, a half, or a turn with a mirror or of other angles. */
export type Turn = 'none' | 'clockwise' | 'counterclockwise' | 'half' | 'other';

/** What a probe found out, checked against the contract. */
export interface VideoInfo {
  readonly container: Container;
  /** FFmpeg's name: h261, h263, flv1, h263p, h264, hevc, vc1, vp8, vp9 or wmv3. */
  readonly codec: string;
  /** Index of the stream that is decoded. */
  readonly stream: number;
  /** Size of the frames that are delivered: upright, square pixels, long side at most 640. */
  readonly width: number;
  readonly height: number;
  /** How frames are brought upright; `other`: as FFmpeg does it by itself, before anything else. */
  readonly turn: Turn;
  /** By the packets' times, not by what a header claims. */
  readonly durationMs: number;
  /** So much of it from its start is decoded: less than `durationMs` where it has more pixels than `mostPixels` allows. */
  readonly decodedMs: number;
  /** Packets of that part, hidden ones (edit lists) included. */
  readonly packets: number;
  /** Pixels of all frames of the video together, of whichever part is decoded. */
  readonly totalPixels: number;
}

/** An upright frame, 8-bit RGB, rows from the top without padding, and its time from the video's start. */
export interface VideoFrame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly timeMs: number;
}

/** What a consumer of frames has to say: that a frame's memory may be written again, or nothing, and then it may keep the frame. */
export type Spare = 'spare' | undefined;

/** Takes a frame. */
export type OnFrame = (frame: VideoFrame) => Spare | void | Promise<Spare> | Promise<void>;

/**
 * Videos to frames. `probe` and `decode` throw FrsError: FRS.0701 not a video, damaged or not decodable within the
 * limits of `limits.ts`, FRS.0016 container or codec outside the contract, FRS.0706 not 1..15 s long, FRS.0033 the
 * machine is too busy.
 */
export interface VideoDecoder {
  readonly name: Engine;
  /** Loads what every video needs (wasm: compiles the core, 0.1 to 0.4 s), so that the first one needn't wait. */
  warm(): Promise<void>;
  probe(video: Uint8Array, signal?: AbortSignal): Promise<VideoInfo>;
  /**
   * Hands over at most ten frames a second of the first `decodedMs`, in order; the next one waits until `onFrame` has resolved (a few
   * are decoded ahead). A frame for which it resolves with `spare` is gone afterwards: new memory for each would be a megabyte, and work
   * for the garbage collector. If `onFrame` throws, decoding stops and the error is passed on; where `signal` aborts, FFmpeg is
   * ended at once and the signal's reason is.
   */
  decode(video: Uint8Array, onFrame: OnFrame, signal?: AbortSignal): Promise<VideoInfo>;
}

/** One running FFmpeg (a wasm worker or native processes) holding one video; paths are its own. */
export interface FfmpegSession {
  /** Name of the input file and of the output that `ffmpeg` streams to. */
  readonly input: string;
  readonly output: string;
  /** Runs ffprobe; resolves with what it printed, whatever it thought of it. */
  ffprobe(args: readonly string[]): Promise<string>;
  /**
   * Runs ffmpeg; `onData` gets the output in order, in pieces of `frameBytes` where the session can choose. It may keep each for which it
   * doesn't resolve with `spare`: nobody writes to that again. `log` gets the telling lines and, after the last one, its end. Resolves with the exit code.
   */
  ffmpeg(
    args: readonly string[],
    frameBytes: number,
    onData: (bytes: Uint8Array) => Promise<Spare>,
    log: DecodeLog,
  ): Promise<number>;
  /** Milliseconds of processor time that FFmpeg has used so far; undefined where the system doesn't tell. */
  cpuMs(): number | undefined;
  /** Ends everything that runs, at once; pending calls reject. */
  close(): Promise<void>;
}
