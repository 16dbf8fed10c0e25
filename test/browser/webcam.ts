import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '../support/shared-data.ts';

/** What the webcam shows: a person who opens the mouth twice, if the shared videos and FFmpeg are here. */
export function webcam(folder: string): string | undefined {
  const video = sharedData('videos/derived/lp_d18_open_mouth_twice.mp4');
  const ffmpeg = ['/usr/bin/ffmpeg', process.env.FFMPEG_PATH ?? ''].find((path) => existsSync(path));
  if (video === undefined || ffmpeg === undefined) return undefined;
  const made = join(folder, 'webcam.mjpeg');
  const scale = ['-vf', 'scale=-2:480', '-r', '20', '-q:v', '4'];
  execFileSync(ffmpeg, ['-loglevel', 'error', '-i', video, ...scale, made]);
  return made;
}
