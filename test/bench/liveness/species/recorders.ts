import type { Frame } from '@openfrs/vision/pipeline';
import { ffmpeg } from '../ffmpeg.ts';

/** A way from pixels to the file that is judged. */
export interface Recorder {
  readonly name: string;
  readonly filter: string;
  readonly format: 'mp4' | 'webm';
  readonly options: readonly string[];
  /** The hand that holds an attack instrument shakes. */
  readonly shaken: boolean;
}

const h264 = (...options: string[]) => [
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  '-pix_fmt',
  'yuv420p',
  ...options,
];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '5', '-pix_fmt', 'yuv420p'];

export const asCut: Recorder = {
  ...{ name: 'as cut', filter: 'null', format: 'mp4', shaken: false },
  options: h264('-crf', '17'),
};
/** A still person before a good phone: nearly without noise. */
export const cleaned: Recorder = {
  ...{ name: 'clean', filter: 'hqdn3d=3:2:12:10', format: 'mp4', shaken: false },
  options: h264('-crf', '16'),
};
/** What webcams and browsers make of it. */
export const webcams: readonly Recorder[] = [
  {
    ...{ name: 'h500', filter: "scale=-2:'min(480,ih)'", format: 'mp4', shaken: false },
    options: h264('-b:v', '500k'),
  },
  {
    ...{ name: 'vp8', filter: 'fps=15,scale=-2:360,noise=alls=4:allf=t', format: 'webm', shaken: true },
    options: [...vp8, '-b:v', '400k'],
  },
  {
    ...{ name: 'h250', filter: 'fps=15,scale=-2:360,noise=alls=7:allf=t', format: 'mp4', shaken: true },
    options: h264('-b:v', '250k'),
  },
];

/** What changes nothing of what a person does: coarser coding, other sizes, another rate. A verdict must not hang on it. */
export const harmless: readonly Recorder[] = [
  { ...asCut, name: 'coarser', options: h264('-crf', '26') },
  { ...asCut, name: 'smaller', filter: 'scale=iw*0.9:-2' },
  { ...asCut, name: 'larger', filter: 'scale=iw*1.1:-2' },
  { ...asCut, name: '30 fps', filter: 'fps=30' },
];

/** Conditions that people are met in: a slow camera, a phone held upright, a dim room. */
export const phoneUpright: Recorder = {
  ...{ name: 'portrait', filter: "crop='min(iw,ih*3/4)':ih,scale=-2:640", format: 'mp4', shaken: false },
  options: h264('-b:v', '800k'),
};
export const slowCamera: Recorder = {
  ...{ name: '8 fps', filter: 'fps=8,scale=-2:360,noise=alls=4:allf=t', format: 'webm', shaken: false },
  options: [...vp8, '-b:v', '300k'],
};
export const dimRoom: Recorder = {
  ...{
    name: 'dim',
    filter: "lutyuv=y='16+(val-16)*0.35',noise=alls=10:allf=t",
    format: 'mp4',
    shaken: false,
  },
  options: h264('-b:v', '500k'),
};

const shake =
  'crop=iw*0.96:ih*0.96:iw*(0.02+0.006*sin(9*t)+0.003*sin(23*t)):ih*(0.02+0.006*sin(7*t+1)+0.003*sin(19*t)),';

/** Frames as a recorder's file. */
export async function recordedBy(
  recorder: Recorder,
  frames: readonly Frame[],
  framesPerSecond: number,
  attack: boolean,
): Promise<Uint8Array> {
  const [first] = frames;
  if (first === undefined) throw new Error('There are no frames.');
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${first.width}x${first.height}`,
    '-r',
    String(framesPerSecond),
  ];
  const filter = (attack && recorder.shaken ? shake : '') + recorder.filter;
  const pixels = Buffer.concat(frames.map(({ data }) => data));
  return ffmpeg(
    pixels,
    raw,
    ['-vf', `${filter},crop=trunc(iw/2)*2:trunc(ih/2)*2`, ...recorder.options],
    recorder.format,
  );
}

/** Frames a second of cuts. */
export const cutPerSecond = 25;

/** A cut of a file as frames, at most 640 pixels on the longer side. */
export async function framesOfCut(file: Uint8Array, from: number, to: number): Promise<Frame[]> {
  const filter = `fps=${cutPerSecond},scale=w='if(gt(iw,ih),min(640,iw),-2)':h='if(gt(iw,ih),-2,min(640,ih))',crop=trunc(iw/2)*2:trunc(ih/2)*2`;
  // PPM tells its size with every picture.
  const bytes = await ffmpeg(
    file,
    ['-ss', String(from), '-t', String(to - from)],
    ['-an', '-vf', filter, '-c:v', 'ppm', '-f', 'image2pipe'],
    'ppm',
  );
  return picturesIn(bytes);
}

function picturesIn(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = /^P6\s(\d+) (\d+)\s255\s/.exec(
      Buffer.from(bytes.subarray(at, at + 40)).toString('latin1'),
    );
    if (header === null) throw new Error('FFmpeg wrote no picture.');
    const [width, height] = [Number(header[1]), Number(header[2])];
    const start = at + header[0].length;
    at = start + width * height * 3;
    frames.push({ width, height, data: new Uint8Array(bytes.subarray(start, at)) });
  }
  return frames;
}
