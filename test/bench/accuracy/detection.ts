import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decodePicture } from '@openfrs/vision/image';
import type { FacePipeline, Rect } from '@openfrs/vision/pipeline';
import type Sharp from 'sharp';
import type { Sharp as Picture } from 'sharp';
import { z } from 'zod';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

export interface DetectionResult {
  readonly set: string;
  readonly min_px: number;
  readonly recall: number;
  /** Labelled faces of that size. */
  readonly faces: number;
  /** Detections of any size where no face is labelled; the same number in each row of a set. */
  readonly unmatched: number;
}

/** Of all detections at least so sure: the share that shows a face, and the share of the faces that they find. */
export interface PrecisionRecall {
  readonly confidence: number;
  readonly precision: number;
  readonly recall: number;
}

const truth = z.record(
  z.string(),
  z.object({
    faces: z.array(
      z.object({
        x: z.number(),
        y: z.number(),
        w: z.number(),
        h: z.number(),
        blur: z.number(),
        occlusion: z.number(),
        invalid: z.number(),
      }),
    ),
  }),
);

/** Overlap (intersection over union) from which a detection is a labelled face, and below which it is none. */
const matches = 0.4;
const touches = 0.2;
/** Shorter side of the labelled faces of the curve. */
const curvePixels = 40;

/**
 * Recall of labelled faces whose shorter side is at least so many pixels; heavily blurred, heavily covered and invalid
 * ones needn't be found, and don't count against a detection that finds them.
 */
export async function measureDetection(
  pipeline: FacePipeline,
  folder: string,
  labels: string,
): Promise<{ readonly sizes: DetectionResult[]; readonly curve: PrecisionRecall[] }> {
  const sizes = [20, 40, 80].map((pixels) => ({ pixels, found: 0, faces: 0 }));
  const wrong: number[] = [];
  /** The confidence of each labelled face's surest detection; 0 where there is none. */
  const sure: number[] = [];
  for (const [name, { faces }] of Object.entries(truth.parse(JSON.parse(await readFile(labels, 'utf8'))))) {
    const frame = await decodePicture(await readFile(join(folder, name)));
    const detected = await pipeline.detectFaces(frame);
    const labelled = faces.map((face) => ({ ...face, width: face.w, height: face.h }));
    const unmatched = detected.filter((box) =>
      labelled.every((face) => overlap(box, face) < touches && inside(box, face) < 0.5),
    );
    wrong.push(...unmatched.map(({ score }) => score));
    for (const face of labelled) {
      if (face.invalid > 0 || face.blur === 2 || face.occlusion === 2) continue;
      const shown = detected.filter((box) => overlap(box, face) >= matches);
      const found = shown.length > 0;
      if (Math.min(face.w, face.h) >= curvePixels) sure.push(Math.max(0, ...shown.map(({ score }) => score)));
      for (const size of sizes) {
        if (Math.min(face.w, face.h) < size.pixels) continue;
        size.faces += 1;
        if (found) size.found += 1;
      }
    }
  }
  return {
    sizes: sizes.map(({ pixels, found, faces }) => ({
      ...{ set: 'wider', min_px: pixels, recall: found / faces },
      ...{ faces, unmatched: wrong.length },
    })),
    curve: [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98].map((confidence) => {
      const reach = (scores: readonly number[]) => scores.filter((score) => score >= confidence).length;
      const right = reach(sure);
      return {
        confidence,
        precision: right / Math.max(right + reach(wrong), 1),
        recall: right / sure.length,
      };
    }),
  };
}

export interface NoFaceResult {
  readonly images: number;
  readonly detections: number;
  /** The same pictures, changed in each way of `changes`: how many there are, and how many of them have a face. */
  readonly varied: { readonly pictures: number; readonly with_face: number };
}

/** Pictures without a human face (animals, things), as they are and changed: what is detected in them all the same. */
export async function countNoFace(pipeline: FacePipeline, folder: string): Promise<NoFaceResult> {
  let detections = 0;
  const varied = { pictures: 0, with_face: 0 };
  const names = await readdir(folder);
  const facesIn = async (file: Uint8Array) => (await pipeline.detectFaces(await decodePicture(file))).length;
  for (const name of names) {
    const file = await readFile(join(folder, name));
    detections += await facesIn(file);
    const { width, height } = await sharp(file).metadata();
    for (const change of changes) {
      const changed = change(sharp(file).flatten({ background: '#ffffff' }), width, height);
      varied.pictures += 1;
      if ((await facesIn(await changed.jpeg().toBuffer())) > 0) varied.with_face += 1;
    }
  }
  return { images: names.length, detections, varied };
}

/** Mirrored, enlarged about its middle, tilted, darkened, halved: a mistake that hangs on a few pixels shows in one of them. */
const changes: readonly ((picture: Picture, width: number, height: number) => Picture)[] = [
  (picture) => picture.flop(),
  (picture, width, height) =>
    picture
      .extract({
        ...{ left: Math.round(0.2 * width), top: Math.round(0.1 * height) },
        ...{ width: Math.round(0.6 * width), height: Math.round(0.7 * height) },
      })
      .resize(640, 640, { fit: 'inside' }),
  (picture) => picture.rotate(14, { background: '#808080' }),
  (picture) => picture.linear(0.45, 0),
  (picture, width, height) =>
    picture.resize(Math.ceil(Math.max(width / 2, (80 * width) / Math.min(width, height)))),
];

function shared(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function overlap(a: Rect, b: Rect): number {
  return shared(a, b) / (a.width * a.height + b.width * b.height - shared(a, b));
}

function inside(a: Rect, b: Rect): number {
  return shared(a, b) / Math.min(a.width * a.height, b.width * b.height);
}
