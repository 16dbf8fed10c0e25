import { readdirSync, readFileSync } from 'node:fs';
import type { Action } from '@openfrs/core';
import { printOf } from '@openfrs/liveness/testing';
import { decodePicture, resized } from '@openfrs/vision/image';
import type { FacePipeline, Frame } from '@openfrs/vision/pipeline';
import { photo } from '../../../support/photos.ts';
import { sharedData } from '../../../support/shared-data.ts';
import { heldBeforeMouth, type Living, maskedWithHole, swapped } from './living-parts.ts';
import { animated, drawnPerSecond, type Portrait, type WarpOptions } from './one-photo.ts';
import {
  asCut,
  cleaned,
  cutPerSecond,
  dimRoom,
  framesOfCut,
  harmless,
  phoneUpright,
  type Recorder,
  recordedBy,
  slowCamera,
  webcams,
} from './recorders.ts';
import { screens } from './screen.ts';
import { actionSegments, idleSegments, type Segment, spontaneousSegments } from './segments.ts';
import { type Couple, exchanged, morph, severalRests } from './two-photos.ts';
import { inSurgicalMask, withGlasses } from './worn.ts';

/** One recording to be judged: what it is, what is asked of it, and how to make its file. */
export interface Presentation {
  /** Unique; what caches call it. */
  readonly id: string;
  readonly attack: boolean;
  /** PAI species, or the condition of a bona fide presentation. */
  readonly group: string;
  /** Whose face it is: thresholds are chosen without the person who is judged. */
  readonly person: string;
  /** What the person did or the attacker shows, in order; empty: nothing that could be asked for. */
  readonly actions: readonly Action[];
  file(): Promise<Uint8Array>;
}

const bytesOf = (path: string) => readFileSync(path.startsWith('/') ? path : (sharedData(path) ?? path));
const webcam = (i: number): Recorder => webcams[i % webcams.length] ?? asCut;
const nameOf = ({ person, action, from, to }: Segment) => `${person} ${action ?? 'idle'} ${from}-${to}`;

/** Frames by which a cut begins earlier or later. */
const shiftedBy = [-3, -1, 1, 2];

/**
 * Living people as they were cut, through webcams, and cut so that they begin in motion; in a dim room, before a slow
 * camera, on a phone held upright, with glasses and in a surgical mask (drawn); with changes that mean nothing; and idle ones, also in masks.
 */
export function bonaFide(pipeline: FacePipeline, extra: readonly Segment[]): Presentation[] {
  const made = (
    segment: Segment,
    group: string,
    recorder: Recorder,
    from = segment.from,
    wear: (frames: readonly Frame[]) => Promise<readonly Frame[]> = async (frames) => frames,
  ): Presentation => ({
    id: `${group} ${nameOf(segment)} ${recorder.name}`,
    ...{ attack: false, group, person: segment.person },
    actions: segment.action === undefined ? [] : [segment.action],
    file: async () => {
      const frames = await framesOfCut(bytesOf(segment.path), from, segment.to);
      return recordedBy(recorder, await wear(frames), cutPerSecond, false);
    },
  });
  const glasses = async (frames: readonly Frame[]) => withGlasses(await livingOf(pipeline, frames));
  const mask = async (frames: readonly Frame[]) => inSurgicalMask(await livingOf(pipeline, frames));
  const acting = [...actionSegments, ...extra.filter(({ action }) => action !== undefined)];
  const idle = [
    ...idleSegments,
    ...extra.filter(({ action, spontaneous }) => action === undefined && !spontaneous),
  ];
  return [
    ...acting.flatMap((segment, i) => [made(segment, 'as cut', asCut), made(segment, 'webcam', webcam(i))]),
    ...acting.flatMap((segment) => [
      ...harmless.map((recorder) => made(segment, 'harmless change', recorder)),
      ...shiftedBy.map((frames) =>
        made(
          segment,
          'harmless change',
          { ...asCut, name: `from ${frames}` },
          Math.max(0, segment.from + frames / cutPerSecond),
        ),
      ),
    ]),
    ...acting.flatMap((segment, i) => {
      const begin =
        segment.moments === undefined ? undefined : (segment.moments[0] + 2 * segment.moments[1]) / 3;
      return begin === undefined || segment.to - begin < 1.05
        ? []
        : [made(segment, 'begins in motion', i % 2 ? asCut : webcam(i), begin)];
    }),
    ...acting.flatMap((segment, i) => [
      made(segment, '8 frames a second', slowCamera),
      made(segment, 'phone held upright', phoneUpright),
      made(segment, 'dim room', dimRoom),
      made(segment, 'glasses', webcam(i + 1), segment.from, glasses),
      // Nobody asks a mouth of whom a mask covers.
      ...(segment.action === 4 ? [] : [made(segment, 'surgical mask', webcam(i + 2), segment.from, mask)]),
    ]),
    ...idle.flatMap((segment, i) => [
      made(segment, 'idle', asCut),
      made(segment, 'idle', webcam(i)),
      made(segment, 'idle in a surgical mask', webcam(i + 2), segment.from, mask),
    ]),
  ];
}

/** Living people who do as they like, each without a camera's noise and one other way. */
export function spontaneous(extra: readonly Segment[]): Presentation[] {
  const segments = [...spontaneousSegments, ...extra.filter((segment) => segment.spontaneous)];
  return segments.flatMap(({ path, person, from, to }, i) =>
    [cleaned, [asCut, ...webcams][i % 4] ?? asCut].map((recorder) => ({
      id: `whole ${person} ${from} ${recorder.name}`,
      ...{ attack: false, group: `spontaneous, ${recorder.name}`, person, actions: [] },
      file: async () => recordedBy(recorder, await framesOfCut(bytesOf(path), from, to), cutPerSecond, false),
    })),
  );
}

/** A portrait that is prepared when an attack needs it, once. */
interface Source {
  readonly name: string;
  readonly person: string;
  load(): Promise<Portrait>;
}

/** Attacks of every species; pictures are prepared when a file is asked for. */
export function attackPresentations(pipeline: FacePipeline, extra: readonly Segment[]): Presentation[] {
  const couples = [...actionSegments, ...extra]
    .filter(({ moments }) => moments !== undefined)
    .map((segment) => ({ segment, couple: once(() => coupleOf(pipeline, segment)) }));
  const rests = everySecond(couples).map(
    ({ segment, couple }): Source => ({
      name: nameOf(segment),
      person: segment.person,
      load: async () => (await couple()).rest,
    }),
  );
  const sources = [...photoSources(pipeline), ...rests];
  const list: Presentation[] = [];
  const add = (
    group: string,
    { name, person }: { readonly name: string; readonly person: string },
    actions: readonly Action[],
    make: () => Promise<Iterable<Frame>>,
    framesPerSecond = drawnPerSecond,
  ) => {
    const recorder = webcam(list.length);
    list.push({
      id: `${group} ${name} ${actions.join()} ${recorder.name}`,
      ...{ attack: true, group, person, actions },
      file: async () => recordedBy(recorder, [...(await make())], framesPerSecond, true),
    });
  };
  const warp = (group: string, source: Source, actions: readonly Action[], options: WarpOptions = {}) =>
    add(group, source, actions, async () => animated(await source.load(), actions, options));
  for (const [i, source] of sources.entries()) {
    const turn: Action = i % 2 === 0 ? 1 : 2;
    const other: Action = i % 3 === 0 ? 3 : turn === 1 ? 2 : 1;
    const odd = i % 2 === 1;
    warp('one photo, whole', source, [turn]);
    if (!odd) warp('one photo, whole', source, [3]);
    warp('one photo, inside', source, [other], { inside: true });
    warp('one photo, mouth', source, [4], { teeth: odd, inside: i % 4 > 1 });
    warp('one photo, three actions', source, threes[i % threes.length] ?? [1, 4, 2], { inside: odd });
    if (odd) warp('one photo, idling', source, [([1, 4, 2] as const)[i % 3] ?? 1], { idle: true });
    if (odd) warp('one photo, relit', source, [turn], { idle: true, relit: true });
  }
  for (const [i, { couple, segment }] of couples.entries()) {
    const actions: Action[] = segment.action === undefined ? [] : [segment.action];
    const who = { name: nameOf(segment), person: segment.person };
    add('two photos, swap', who, actions, async () => exchanged(await couple(), 0));
    add('two photos, fade 300 ms', who, actions, async () => exchanged(await couple(), 0.3));
    add('two photos, fade 800 ms', who, actions, async () => exchanged(await couple(), 0.8));
    add('two photos, morph', who, actions, async () => morph(await couple()));
    if (i % 2 === 0)
      add('two photos, rests morphed and turned', who, [1], async () => severalRests(await couple()));
    const cut = () => framesOfCut(bytesOf(segment.path), segment.from, segment.to);
    const photo = sources[(5 * i + 1) % sources.length];
    if (photo === undefined) continue;
    const living = async () => livingOf(pipeline, await cut());
    if (segment.action === 4) add('mask with a mouth hole', who, [4], masked(living, photo), cutPerSecond);
    add('face swap', who, actions, exchangedFace(living, photo), cutPerSecond);
    for (const [k, [screen, seen]] of Object.entries(screens).entries())
      if ((i + k) % 2 === 0)
        add(
          `replay, ${screen}`,
          who,
          actions,
          async () => (await cut()).map((frame, at) => seen(frame, at / cutPerSecond)),
          cutPerSecond,
        );
  }
  // More photos on the same people; after all else, whose recorders go by their place in the list.
  for (const [i, { segment }] of couples.entries()) {
    for (const k of [0, 1, 2, 3]) {
      const photo = sources[(5 * i + 7 * k + 1) % sources.length];
      if (photo === undefined) continue;
      const who = { name: `${nameOf(segment)} ${photo.name}`, person: segment.person };
      const living = async () =>
        livingOf(pipeline, await framesOfCut(bytesOf(segment.path), segment.from, segment.to));
      if (segment.action === 4) {
        if (k > 0) add('mask with a mouth hole', who, [4], masked(living, photo), cutPerSecond);
        add('photo held before a mouth', who, [4], held(living, photo), cutPerSecond);
      } else if (k === 1 && segment.action !== undefined)
        add('face swap', who, [segment.action], exchangedFace(living, photo), cutPerSecond);
    }
  }
  return [...list, ...animatedByModels()];
}

type LivingFrames = () => Promise<readonly Living[]>;
const masked = (living: LivingFrames, photo: Source) => async () =>
  maskedWithHole(await living(), await photo.load());
const held = (living: LivingFrames, photo: Source) => async () =>
  heldBeforeMouth(await living(), await photo.load());
const exchangedFace = (living: LivingFrames, photo: Source) => async () =>
  swapped(await living(), await photo.load());

/** Sequences of three actions that are asked for. */
const threes: readonly (readonly Action[])[] = [
  [1, 4, 2],
  [4, 2, 3],
  [2, 1, 4],
  [3, 4, 1],
];

function animatedByModels(): Presentation[] {
  const folder = sharedData('spoof/ai');
  if (folder === undefined) return [];
  const names = readdirSync(folder).filter((file) => file.endsWith('.mp4'));
  return names.sort().flatMap((name) =>
    ([4, 1, 3] as const).map((action) => ({
      id: `animated by a model ${action} ${name}`,
      ...{ attack: true, group: `animated by a model, asked for ${action}`, person: name, actions: [action] },
      file: () => Promise.resolve(bytesOf(`spoof/ai/${name}`)),
    })),
  );
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const everySecond = <Item>(items: readonly Item[]) => items.filter((_, i) => i % 2 === 0);

async function livingOf(pipeline: FacePipeline, frames: readonly Frame[]): Promise<Living[]> {
  const living: Living[] = [];
  let last: Awaited<ReturnType<FacePipeline['faceMesh']>> | undefined;
  for (const frame of frames) {
    const [box] = last === undefined ? await pipeline.detectFaces(frame, { rotations: false }) : [];
    if (last !== undefined) last = await pipeline.trackMesh(frame, last);
    else if (box !== undefined) last = await pipeline.faceMesh(frame, box);
    if (last !== undefined) living.push({ frame, points: last.points });
  }
  return living;
}

/** As many pixels a side as a webcam's picture is high. */
const side = 360;

async function portraitOf(
  pipeline: FacePipeline,
  name: string,
  person: string,
  print: Frame,
): Promise<Portrait> {
  const frame = await resized(print, side, side);
  const [box] = await pipeline.detectFaces(frame, { rotations: false });
  const whole = { x: frame.width / 4, y: frame.height / 4, width: frame.width / 2, height: frame.height / 2 };
  return { name, person, frame, points: (await pipeline.faceMesh(frame, box ?? whole)).points };
}

/** The six photos of any machine and ten of LFW. */
function photoSources(pipeline: FacePipeline): Source[] {
  const folder = sharedData('identities/lfw_dev');
  const all = folder === undefined ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const names = all.filter((name) => name.endsWith('.jpg')).sort();
  const lfw = names.filter((_, i) => i % Math.ceil(names.length / 10) === 7);
  const files = [
    ...([1, 2, 3, 4, 5, 6] as const).map((n) => ({ name: `sample${n}`, read: () => photo(n) })),
    ...lfw.map((name) => ({
      name: name.replace(/.*\//, ''),
      read: () => readFileSync(`${folder}/${name}`),
    })),
  ];
  return files.map(({ name, read }) => ({
    name,
    person: name,
    load: once(async () => {
      const print = await printOf(pipeline, await decodePicture(read()));
      if (print === undefined) throw new Error(`No face is found in ${name}.`);
      return portraitOf(pipeline, name, name, print.frame);
    }),
  }));
}

/** Two pictures of a segment, cut alike. */
async function coupleOf(pipeline: FacePipeline, segment: Segment): Promise<Couple> {
  const frames = await framesOfCut(bytesOf(segment.path), segment.from, segment.to);
  const [rest, peak] = (segment.moments ?? []).map((time) => frames[Math.round((time - segment.from) * 25)]);
  const first = rest && (await printOf(pipeline, rest));
  const second = first && peak && (await printOf(pipeline, peak, first.crop));
  if (first === undefined || second === undefined) throw new Error(`No face is found in ${nameOf(segment)}.`);
  const name = nameOf(segment);
  return {
    rest: await portraitOf(pipeline, name, segment.person, first.frame),
    peak: await portraitOf(pipeline, name, segment.person, second.frame),
  };
}
