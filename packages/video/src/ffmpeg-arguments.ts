import type { Turn, VideoInfo } from './decoder.ts';
import { decoders, demuxers, limits } from './limits.ts';
import type { Container } from './sniff.ts';

/** Options before an input: nothing but this one file, read by this one demuxer. */
const guarded = (container: Container) => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', formatNames(container)],
  ...['-max_alloc', String(limits.blockBytes)],
  ...['-max_pixels', String(limits.maxPixels), '-f', demuxers[container]],
];

/** `-format_whitelist` compares with the demuxer's whole list of names. */
function formatNames(container: Container): string {
  if (container === 'mp4' || container === 'mov') return 'mov,mp4,m4a,3gp,3g2,mj2';
  return container === 'webm' ? 'matroska,webm' : demuxers[container];
}

/**
 * ffprobe's arguments: streams and every packet's time as JSON.
 * @param unedited list what is in an MP4's or MOV's file, not what its edit list lets play
 */
export function probeArguments(container: Container, input: string, unedited = false): string[] {
  const entries = [
    'stream=index,codec_type,codec_name,width,height,pix_fmt,nb_frames,sample_aspect_ratio',
    'stream_disposition=attached_pic,default',
    'stream_side_data=rotation,displaymatrix',
    'format=duration',
    'packet=stream_index,pts_time,dts_time,duration_time,flags',
  ].join(':');
  const raw = unedited ? ['-ignore_editlist', '1'] : [];
  return ['-v', 'quiet', ...guarded(container), ...raw, '-show_entries', entries, '-of', 'json', input];
}

/** What turns scaled frames; FFmpeg's own way for what isn't here. */
const turnFilters: Partial<
  Record<Turn, { readonly sideways: boolean; readonly filters: readonly string[] }>
> = {
  clockwise: { sideways: true, filters: ['transpose=clock'] },
  counterclockwise: { sideways: true, filters: ['transpose=cclock'] },
  half: { sideways: false, filters: ['hflip', 'vflip'] },
};

/**
 * Seconds after the first frame at which FFmpeg stops: a second after the longest video's end, or where enough is decoded.
 * With digits only, and never 0, which FFmpeg takes for no limit.
 */
function shownSeconds({ durationMs, decodedMs }: VideoInfo): string {
  const longest = limits.maxDurationMs + 1000;
  const shownMs = decodedMs < durationMs ? Math.min(Math.max(decodedMs, 1), longest) : longest;
  return (shownMs / 1000).toFixed(6);
}

/**
 * ffmpeg's arguments: raw RGB frames of `info.width × info.height`, one for each tenth of a second that has
 * any. `select` chooses existing frames: the `fps` filter would fill a timestamp gap with copies.
 */
export function decodeArguments(info: VideoInfo, input: string, output: string): string[] {
  const perSecond = limits.framesPerSecond;
  // Scaled down six times, neither the loop filter nor a wider scaling kernel shows; together they take a third of the time.
  const huge = info.totalPixels > limits.usualPixels;
  // FFmpeg turns every frame in its full size, before any is chosen; a large video's are turned when they are small.
  const turned = info.totalPixels > limits.heavyPixels ? turnFilters[info.turn] : undefined;
  const [width, height] = turned?.sideways ? [info.height, info.width] : [info.width, info.height];
  const filter = [
    `select='isnan(prev_selected_t)+gt(floor(t*${perSecond}+0.001)\\,floor(prev_selected_t*${perSecond}+0.001))'`,
    `scale=${width}:${height}:flags=${huge ? 'fast_bilinear' : 'bilinear+accurate_rnd'}`,
    'format=rgb24',
    ...(turned?.filters ?? []),
    'showinfo=checksum=0',
  ].join(',');
  return [
    ...['-hide_banner', '-loglevel', 'level+info', '-nostats'],
    ...guarded(info.container),
    ...['-codec_whitelist', decoders, '-threads', '1'],
    ...(info.totalPixels > limits.heavyPixels ? ['-skip_frame', 'noref'] : []),
    ...(huge ? ['-skip_loop_filter', 'all'] : []),
    ...(turned === undefined ? [] : ['-noautorotate']),
    ...['-t', shownSeconds(info), '-i', input],
    ...['-map', `0:${info.stream}`, '-an', '-sn', '-dn', '-vf', filter],
    // The old spelling of -fps_mode: FFmpeg 4 to 7 know it.
    ...['-vsync', 'passthrough'],
    ...['-frames:v', String((limits.maxDurationMs / 1000) * perSecond + 1)],
    ...['-f', 'rawvideo', '-y', output],
  ];
}
