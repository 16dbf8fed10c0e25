import { createRequire } from 'node:module';
import {
  type FaceVector,
  findPerson,
  type Picture,
  photoOfEach,
  score,
  templateOf,
  wilson,
} from '@openfrs/vision/evaluation';
import { decodePicture } from '@openfrs/vision/image';
import { type FacePipeline, type Frame, iou, type Rect } from '@openfrs/vision/pipeline';
import type Sharp from 'sharp';
import type { OverlayOptions } from 'sharp';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

export interface ConditionResult {
  /** What is done to the photos. */
  readonly condition: string;
  readonly cases: number;
  /** Share that is right: the same face found, or for turned photos the same person at similarity .93. */
  readonly right: number;
  readonly right_95: readonly [number, number];
}

/** People whose photos are turned, and whose light is changed. */
const turnedPeople = 16;
const lightPeople = 22;
/** Degrees from one turn to the next. */
const step = 5;

/**
 * One photo a person, turned by every angle and in poor light: are the faces still found, and is the turned photo the upright one's
 * match as a search would answer it?
 * @param cosine of similarity .93 in the form that new sets keep
 */
export async function measureConditions(
  pipeline: FacePipeline,
  people: readonly Picture[],
  cosine: number,
): Promise<ConditionResult[]> {
  const tally = new Map<string, boolean[]>();
  const add = (condition: string, right: boolean) =>
    tally.set(condition, [...(tally.get(condition) ?? []), right]);
  for (const { file } of photoOfEach(people, turnedPeople)) {
    const head = await headOf(pipeline, file);
    const upright = head && (await vectorOf(pipeline, await onGrey(head, 0)));
    if (!head || !upright) continue;
    for (let degrees = step - 180; degrees <= 180; degrees += step) {
      const turned = degrees === 0 ? upright : await vectorOf(pipeline, await onGrey(head, degrees));
      add(`turned, every ${step}°`, turned !== undefined && score(upright.enrolled, turned) >= cosine);
    }
  }
  for (const { file } of photoOfEach(people, lightPeople)) {
    const head = await headOf(pipeline, file);
    if (head === undefined) continue;
    for (const [condition, change] of Object.entries(lights)) {
      const { frame, face } = await change(head);
      const boxes = await pipeline.detectFaces(frame);
      add(
        condition,
        boxes.some((box) => iou(box, face) >= 0.35),
      );
    }
  }
  return [...tally].map(([condition, cases]) => {
    const { share, low, high } = wilson(cases.filter(Boolean).length, cases.length);
    return { condition, cases: cases.length, right: share, right_95: [low, high] as const };
  });
}

/** A face with room around it, cut out of its photo. */
interface Head {
  readonly picture: Buffer;
  readonly width: number;
  readonly height: number;
  /** Where the face lies in it. */
  readonly face: Rect;
}

async function headOf(pipeline: FacePipeline, file: string): Promise<Head | undefined> {
  const photo = await sharp(file).removeAlpha().png().toBuffer();
  const frame = await decodePicture(photo);
  const [box] = await pipeline.detectFaces(frame);
  if (box === undefined) return undefined;
  const side = 1.7 * Math.max(box.width, box.height);
  const left = Math.max(0, Math.round(box.x + box.width / 2 - side / 2));
  const top = Math.max(0, Math.round(box.y + box.height / 2 - side / 2));
  const width = Math.min(frame.width - left, Math.round(side));
  const height = Math.min(frame.height - top, Math.round(side));
  const picture = await sharp(photo).extract({ left, top, width, height }).png().toBuffer();
  return { picture, width, height, face: { ...box, x: box.x - left, y: box.y - top } };
}

/** The head turned clockwise in the middle of a grey picture, always of one size. */
async function onGrey({ picture, width, height }: Head, degrees: number): Promise<Frame> {
  const { data, info } = await sharp(picture)
    .rotate(degrees, { background: '#808080' })
    .png()
    .toBuffer({ resolveWithObject: true });
  const side = Math.ceil(Math.hypot(width, height)) + 40;
  const place = { left: Math.floor((side - info.width) / 2), top: Math.floor((side - info.height) / 2) };
  return plain(side, side, '#808080', [{ input: data, ...place }]);
}

interface Scene {
  readonly frame: Frame;
  readonly face: Rect;
}

/** Light that cameras at doors meet. */
const lights: Readonly<Record<string, (head: Head) => Promise<Scene>>> = {
  'lit face, all else black': async ({ picture, height, face }) => {
    const scale = 240 / height;
    const [left, top] = [700, 400];
    const input = await sharp(picture).resize({ height: 240 }).png().toBuffer();
    const moved = {
      x: left + face.x * scale,
      y: top + face.y * scale,
      width: face.width * scale,
      height: face.height * scale,
    };
    return { frame: await plain(1920, 1080, '#000000', [{ input, left, top }]), face: moved };
  },
  'fog, .15 of the contrast': (head) => levels(head, 0.15, 183),
  'fog, .10 of the contrast': (head) => levels(head, 0.1, 193),
  'over-exposed': (head) => levels(head, 2.5, 70),
  'dark, .05 of the light': (head) => levels(head, 0.05, 0),
};

async function levels(head: Head, scale: number, offset: number): Promise<Scene> {
  const file = await sharp(head.picture).linear(scale, offset).jpeg({ quality: 88 }).toBuffer();
  return { frame: await decodePicture(file), face: head.face };
}

async function plain(
  width: number,
  height: number,
  background: string,
  layers: OverlayOptions[],
): Promise<Frame> {
  const canvas = sharp({ create: { width, height, channels: 3, background } });
  return decodePicture(await canvas.composite(layers).jpeg({ quality: 92 }).toBuffer());
}

async function vectorOf(pipeline: FacePipeline, frame: Frame): Promise<FaceVector | undefined> {
  const vector = await (await findPerson(pipeline, frame))?.vector();
  return vector && templateOf(pipeline, vector);
}
