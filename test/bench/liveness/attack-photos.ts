import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readConfig } from '@openfrs/core';
import { type Print, printOf } from '@openfrs/liveness/testing';
import { createVideoDecoder } from '@openfrs/video';
import { decodePicture } from '@openfrs/vision/image';
import { type FacePipeline, type Frame, landmarks } from '@openfrs/vision/pipeline';
import { photo } from '../../support/photos.ts';
import { sharedData } from '../../support/shared-data.ts';

/** A print, or two of one person, and what to call it. */
export interface Source {
  readonly name: string;
  readonly prints: readonly [Print, Print?];
}

/** Every nth file of a folder of the shared data, folders of people included. */
function every(nth: number, folder: string): string[] {
  const path = sharedData(`identities/${folder}`);
  if (path === undefined) return [];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(jpe?g|png)$/.test(name),
  );
  return files
    .sort()
    .filter((_, i) => i % nth === nth >> 1)
    .map((name) => `${path}/${name}`);
}

/** Photos to attack with: the six of any machine, some of LFW, celeb5 and BBT, and those given. */
export async function photoSources(pipeline: FacePipeline, given: readonly string[]): Promise<Source[]> {
  const paths = [...every(390, 'lfw_dev'), ...every(25, 'celeb5'), ...every(60, 'bbt'), ...given];
  const files = [
    ...([1, 2, 3, 4, 5, 6] as const).map((n) => ({ name: `sample${n}`, file: photo(n) })),
    ...paths.map((path) => ({ name: path.split('/').slice(-2).join('/'), file: readFileSync(path) })),
  ];
  const sources: Source[] = [];
  for (const { name, file } of files) {
    const print = await printOf(pipeline, await decodePicture(file));
    if (print !== undefined) sources.push({ name, prints: [print] });
  }
  return sources;
}

/** Two moments of a shared video, in seconds: at rest, and doing something. */
const moments: readonly (readonly [string, number, number])[] = [
  ['lp_d18.mp4', 1.8, 2.6],
  ['lp_d12.mp4', 1, 1.8],
  ['lp_d12.mp4', 2.6, 3.4],
  ['lp_d12.mp4', 4.3, 5],
  ['va_hhn.mp4', 1.2, 2.1],
  ['derived/cap12_open_mouth.mp4', 0, 0.8],
  ['derived/cap12_turn_own_right.mp4', 0.1, 1],
  ['derived/cap12_nod.mp4', 0, 1],
];

/** The first two photos of people of LFW, so many pairs. */
function twoOfOne(count: number): [string, string][] {
  const seconds = every(1, 'lfw_dev').filter((path) => path.endsWith('_0002.jpg'));
  const pairs = seconds.map((path): [string, string] => [path.replace('_0002.jpg', '_0001.jpg'), path]);
  const whole = pairs.filter(([first]) => existsSync(first));
  const step = Math.max(1, Math.floor(whole.length / count));
  return whole.filter((_, i) => i % step === 0).slice(0, count);
}

/** Pairs of pictures of one person: of videos, the same with the mouth alone exchanged, and of LFW's photos. */
export async function pairSources(pipeline: FacePipeline): Promise<Source[]> {
  const pairs: { name: string; frames: readonly [Frame, Frame]; same: boolean }[] = [];
  for (const [name, rest, doing] of moments) {
    const path = sharedData(`videos/${name}`);
    if (path === undefined) continue;
    const frames = await framesAt(readFileSync(path), [rest, doing]);
    pairs.push({ name: `${name} ${rest} ${doing}`, frames, same: true });
    const [face] = await pipeline.detectFaces(frames[0]);
    if (face === undefined) continue;
    const edited = exchanged(frames, (await pipeline.faceMesh(frames[0], face)).points);
    pairs.push({ name: `${name} ${rest} edited`, frames: [frames[0], edited], same: true });
  }
  for (const [first, second] of twoOfOne(8)) {
    const [a, b] = await Promise.all([first, second].map((path) => decodePicture(readFileSync(path))));
    if (a !== undefined && b !== undefined)
      pairs.push({ name: first.split('/').at(-1) ?? '', frames: [a, b], same: false });
  }
  const sources: Source[] = [];
  for (const { name, frames, same } of pairs) {
    const print = await printOf(pipeline, frames[0]);
    const other = print && (await printOf(pipeline, frames[1], same ? print.crop : undefined));
    if (print !== undefined && other !== undefined) sources.push({ name, prints: [print, other] });
  }
  return sources;
}

async function framesAt(video: Uint8Array, seconds: readonly [number, number]): Promise<[Frame, Frame]> {
  const found: (Frame | undefined)[] = [undefined, undefined];
  await createVideoDecoder({ ...readConfig().video, totalMs: 600_000 }).decode(video, (frame) => {
    for (const [i, at] of seconds.entries()) if (frame.timeMs >= at * 1000 - 50) found[i] ??= frame;
  });
  const [a, b] = found;
  if (a === undefined || b === undefined) throw new Error('The video ends before the moment.');
  return [a, b];
}

/** The first picture with the second one's mouth and chin. */
function exchanged([first, second]: readonly [Frame, Frame], points: Float32Array): Frame {
  const at = (point: number, axis: 0 | 1) => points[point * 3 + axis] ?? 0;
  const [left, right] = [at(landmarks.mouthRight, 0) - 4, at(landmarks.mouthLeft, 0) + 4];
  const [top, bottom] = [at(landmarks.upperLip, 1) - 12, at(landmarks.chin, 1) - 2];
  const data = first.data.map((value, i) => {
    const pixel = Math.floor(i / 3);
    const [x, y] = [pixel % first.width, Math.floor(pixel / first.width)];
    return x > left && x < right && y > top && y < bottom ? (second.data[i] ?? value) : value;
  });
  return { ...first, data };
}
