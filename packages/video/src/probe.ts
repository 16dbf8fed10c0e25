import { FrsError, once } from '@openfrs/contract';
import * as z from 'zod';
import type { Turn, VideoInfo } from './decoder.ts';
import type { FileEnd } from './file-end.ts';
import { codecs, limits } from './limits.ts';
import { type Engine, mostPixels } from './most-pixels.ts';
import { type Container, sniffContainer } from './sniff.ts';

/** The part of ffprobe's JSON that is used; numbers come as strings. */
const probed = once(() => {
  const seconds = z.coerce.number().optional().catch(undefined);

  return z.object({
    streams: z
      .array(
        z.object({
          index: z.number().int(),
          codec_type: z.string().optional(),
          codec_name: z.string().optional(),
          width: z.number().int().default(0),
          height: z.number().int().default(0),
          pix_fmt: z.string().optional(),
          nb_frames: seconds,
          sample_aspect_ratio: z.string().optional(),
          disposition: z
            .object({ attached_pic: z.number().default(0), default: z.number().default(0) })
            .optional(),
          side_data_list: z
            .array(z.object({ rotation: z.number().optional(), displaymatrix: z.string().optional() }))
            .default([]),
        }),
      )
      .default([]),
    format: z.object({ duration: seconds }).default({ duration: undefined }),
    packets: z
      .array(
        z.object({
          stream_index: z.number().int(),
          pts_time: seconds,
          dts_time: seconds,
          duration_time: seconds,
          flags: z.string().default(''),
        }),
      )
      .default([]),
  });
});

/** Stated seconds that are no duration: the contract's videos have 15, writers to a pipe leave the largest that fit. */
const placeholderSeconds = 3600;

type Probed = z.infer<ReturnType<typeof probed>>;
type Stream = Probed['streams'][number];

/** @throws FrsError FRS.0701 no video at all, FRS.0016 a kind of video outside the contract */
export function knownContainer(video: Uint8Array): Container {
  const container = sniffContainer(video);
  if (container === 'no-video') throw new FrsError('FRS.0701');
  if (container === 'other-video') throw new FrsError('FRS.0016');
  return container;
}

function chosenStream(probe: Probed): Stream | undefined {
  const videos = probe.streams.filter((s) => s.codec_type === 'video' && s.disposition?.attached_pic !== 1);
  return videos.find((s) => s.disposition?.default === 1) ?? videos[0];
}

/**
 * Does an MP4 or MOV list more frames than were found? It names every sample, unless it is in fragments, which carry no totals.
 * @throws FrsError FRS.0701
 */
export function lacksFrames(container: Container, json: string): boolean {
  if (container !== 'mp4' && container !== 'mov') return false;
  const probe = parse(json);
  const stream = chosenStream(probe);
  if (stream?.nb_frames === undefined) return false;
  const found = probe.packets.filter((packet) => packet.stream_index === stream.index).length;
  return found < Math.floor(stream.nb_frames * 0.98);
}

/**
 * Reads ffprobe's answer and checks it against the contract.
 * @param end what the file's structure says: `whole` outweighs a header's counts and durations
 * @param engine that will decode it: it bounds how much of a large video is
 * @throws FrsError FRS.0701, FRS.0016, FRS.0706
 */
export function videoInfo(
  container: Container,
  json: string,
  end: FileEnd = 'unknown',
  engine: Engine = 'wasm',
): VideoInfo {
  const probe = parse(json);
  const stream = chosenStream(probe);
  if (stream === undefined) throw new FrsError('FRS.0701');
  if (stream.codec_name === undefined || stream.codec_name === 'unknown') throw new FrsError('FRS.0701');
  if (!codecs.includes(stream.codec_name)) throw new FrsError('FRS.0016');
  const { width, height } = stream;
  if (width < 16 || height < 16 || width * height > limits.maxPixels) throw new FrsError('FRS.0701');

  const own = probe.packets.filter((packet) => packet.stream_index === stream.index);
  if (own.length === 0) throw new FrsError('FRS.0701');
  // What an edit list hides is decoded where what plays is built on it, and not shown.
  const played = own.filter(isShown);
  const durationMs = span(played) * 1000;
  if (end === 'cut' || contradictsItself(container, stream, own.length, probe, end))
    throw new FrsError('FRS.0701');
  const leastMs = limits.minDurationMs - limits.durationToleranceMs;
  if (durationMs < leastMs) throw new FrsError('FRS.0706');
  if (durationMs > limits.maxDurationMs + limits.durationToleranceMs) throw new FrsError('FRS.0706');
  // After the duration: an ordinary video that is far too long has thousands of frames as well.
  if (own.length > limits.maxPackets) throw new FrsError('FRS.0701');
  const most = Math.floor(mostPixels(stream.codec_name, stream.pix_fmt, engine) / (width * height));
  const decodedMs = own.length <= most ? durationMs : Math.min(beginningMs(own, most), durationMs - 1);
  // As if it ended there; the frames of a video may be nearly all in one tenth of a second.
  if (decodedMs < leastMs)
    throw new FrsError('FRS.0706', 'Less than 1 second of so large a video can be decoded in time.');
  return {
    container,
    codec: stream.codec_name,
    stream: stream.index,
    ...deliveredSize(stream),
    turn: turnOf(stream),
    durationMs,
    decodedMs,
    packets: Math.min(own.length, most),
    totalPixels: own.length * width * height,
  };
}

function parse(json: string): Probed {
  try {
    return probed().parse(JSON.parse(json));
  } catch (cause) {
    throw new FrsError('FRS.0701', undefined, { cause });
  }
}

/** Not so what an edit list hides. */
function isShown({ flags }: Probed['packets'][number]): boolean {
  return !flags.includes('D');
}

/** Seconds, in the order in which they are shown. */
function timesOf(packets: Probed['packets']): number[] {
  return packets.flatMap((p) => p.pts_time ?? p.dts_time ?? []).sort((a, b) => a - b);
}

/** Seconds from the first packet's time to the end of the last: a typical interval is added for it. */
function span(packets: Probed['packets']): number {
  const times = timesOf(packets);
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return 0;
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const typical = steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  return last - first + Math.min(typical, 1);
}

/**
 * Milliseconds from the first frame to where decoding has to end so that no more packets than `most` are needed, in the order of the file.
 * What is hidden, or has no time, is decoded as well and ends nothing: 0 where no other packet comes in time.
 */
function beginningMs(packets: Probed['packets'], most: number): number {
  const [first = 0] = timesOf(packets.filter(isShown));
  const end = timesOf(packets.slice(0, most + 1).filter(isShown)).at(-1);
  return end === undefined ? 0 : (end - first) * 1000;
}

/**
 * Do the headers and what the file holds disagree: was the end lost, or a duration forged? MP4 and MOV list every sample (not in
 * fragments), so both directions show; others may state a duration that some stream must reach, unless their structure shows that nothing
 * is missing. None stated, or one that no stream has, is normal for recordings that were streamed.
 */
function contradictsItself(
  container: Container,
  stream: Stream,
  found: number,
  probe: Probed,
  fileEnd: FileEnd,
): boolean {
  const times = probe.packets.flatMap((p) => p.pts_time ?? p.dts_time ?? []);
  const end = times.reduce((a, b) => Math.max(a, b), 0);
  const stated = probe.format.duration ?? 0;
  if (container !== 'mp4' && container !== 'mov') {
    return fileEnd === 'unknown' && stated < placeholderSeconds && end * 1.2 + 1 < stated;
  }
  if (stream.nb_frames === undefined) return false;
  const lost = fileEnd === 'unknown' && found < Math.floor(stream.nb_frames * 0.98);
  return lost || stated * 1.25 + 0.5 < end;
}

/** Upright, with square pixels, long side at most `limits.frameSide`, even sides. */
function deliveredSize(stream: Stream): { width: number; height: number } {
  const [num = 1, den = 1] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const aspect = num > 0 && den > 0 && num / den > 0.4 && num / den < 2.5 ? num / den : 1;
  const rotation = stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const sideways = Math.abs(Math.round(rotation / 90)) % 2 === 1;
  const wide = stream.width * aspect;
  const [w, h] = sideways ? [stream.height, wide] : [wide, stream.height];
  const scale = Math.min(1, limits.frameSide / Math.max(w, h));
  const even = (side: number) => Math.max(16, 2 * Math.round((side * scale) / 2));
  return { width: even(w), height: even(h) };
}

/** The turns that a display matrix (ISO/IEC 14496-12, 8.3.2) of ones, zeros and minus ones tells, row by row, in 16.16 fixed point. */
const turns: Readonly<Record<string, Turn>> = {
  '65536,0,0,65536': 'none',
  '0,65536,-65536,0': 'clockwise',
  '0,-65536,65536,0': 'counterclockwise',
  '-65536,0,0,-65536': 'half',
};

function turnOf(stream: Stream): Turn {
  const matrix = stream.side_data_list.find((data) => data.displaymatrix !== undefined)?.displaymatrix;
  if (matrix === undefined)
    return stream.side_data_list.some(({ rotation }) => rotation !== undefined) ? 'other' : 'none';
  // Lines of a number, a colon and three values.
  const [[a, b] = [], [c, d] = []] = matrix
    .trim()
    .split('\n')
    .map((line) => line.split(':')[1]?.trim().split(/\s+/) ?? []);
  return turns[[a, b, c, d].join()] ?? 'other';
}
