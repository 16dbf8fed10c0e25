import { readFileSync } from 'node:fs';
import { ensureModels } from '@openfrs/models/ensure';
import { photo } from '@openfrs/testing/photos';
import { itWithData, sharedData } from '@openfrs/testing/shared-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FaceBox, Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { sharp } from '../image/native-sharp.ts';
import { createFacePipeline, type FacePipeline } from '../pipelines/face-pipeline.ts';
import { headPose } from './head-pose.ts';

/** The cosine at which two photos show one person (similarity .93). */
const samePerson = 0.42;

let pipeline: FacePipeline;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
});
afterAll(() => pipeline?.close());

/** The largest face's head, cut out of a photo. */
async function headOf(number: 1 | 3 | 5): Promise<Buffer> {
  const frame = await decodePicture(photo(number));
  const [box] = (await pipeline.detectFaces(frame)) as [FaceBox];
  const left = Math.max(0, Math.round(box.x - 0.4 * box.width));
  const top = Math.max(0, Math.round(box.y - 0.4 * box.height));
  const width = Math.min(frame.width - left, Math.round(1.8 * box.width));
  const height = Math.min(frame.height - top, Math.round(1.8 * box.height));
  return sharp(photo(number)).extract({ left, top, width, height }).resize({ height: 320 }).png().toBuffer();
}

/** The head turned clockwise on grey. */
async function turnedHead(head: Buffer, degrees: number): Promise<Frame> {
  return decodePicture(await sharp(head).rotate(degrees, { background: '#808080' }).png().toBuffer());
}

async function look(frame: Frame) {
  const [box] = await pipeline.detectFaces(frame);
  if (box === undefined) return undefined;
  const mesh = await pipeline.faceMesh(frame, box);
  const [vector] = await pipeline.embed(frame, [mesh], true);
  return { box, mesh, vector: vector as Float32Array };
}

/** Shares of a box's sides by which it lies beside its face: on the brow, the chin, a cheek. */
const places = [
  [0, -0.25],
  [0.15, -0.25],
  [-0.15, -0.25],
  [0.15, 0.2],
  [0.25, 0],
  [-0.25, 0],
] as const;

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

it.each([1, 3, 5] as const)('the head of photo %i has one vector, however it is turned', async (number) => {
  const head = await headOf(number);
  const upright = await look(await turnedHead(head, 0));
  const others: number[] = [];
  for (let degrees = -170; degrees < 180; degrees += 20) {
    const found = await look(await turnedHead(head, degrees));
    const alike = found && upright ? cosine(found.vector, upright.vector) : -1;
    if (alike < samePerson) others.push(degrees);
  }
  expect(others).toEqual([]);
});

it.each([1, 3, 5] as const)(
  'the face of photo %i has one vector, wherever on it its box lies',
  async (number) => {
    const frame = await decodePicture(photo(number));
    const [box] = (await pipeline.detectFaces(frame)) as [FaceBox];
    const [given] = await pipeline.embed(frame, [await pipeline.faceMesh(frame, box)], true);
    const others: string[] = [];
    for (const [right, down] of places) {
      const moved = { ...box, x: box.x + right * box.width, y: box.y + down * box.height };
      const [vector] = await pipeline.embed(frame, [await pipeline.faceMesh(frame, moved)], true);
      if (cosine(vector as Float32Array, given as Float32Array) < 0.9) others.push(`${right}, ${down}`);
    }
    expect(others).toEqual([]);
  },
);

it.each([1, 3, 5] as const)(
  'the face of photo %i has one vector, however much of the head its box holds',
  async (number) => {
    const head = await headOf(number);
    const others: string[] = [];
    for (const degrees of [-20, 0, 20]) {
      const frame = await turnedHead(head, degrees);
      const [box] = (await pipeline.detectFaces(frame)) as [FaceBox];
      const [given] = await pipeline.embed(frame, [await pipeline.faceMesh(frame, box)], true);
      for (const times of [1.25, 1.5]) {
        const [width, height] = [times * box.width, times * box.height];
        // Hair and hat stand above the face: the box grows by more there.
        const grown = { x: box.x - (width - box.width) / 2, y: box.y - 0.7 * (height - box.height) };
        const mesh = await pipeline.faceMesh(frame, { ...box, ...grown, width, height });
        const [vector] = await pipeline.embed(frame, [mesh], true);
        if (cosine(vector as Float32Array, given as Float32Array) < 0.95)
          others.push(`${degrees}°, ${times}`);
      }
    }
    expect(others).toEqual([]);
  },
);

itWithData('a tilted face is the upright one’s, although its box lies on the brow', async () => {
  const [tilted, upright] = await Promise.all(
    ['tilt45.jpg', 'tilt45_upright.jpg'].map(async (name) =>
      look(await decodePicture(readFileSync(`${sharedData('field')}/${name}`))),
    ),
  );
  expect(tilted && upright && cosine(tilted.vector, upright.vector)).toBeGreaterThan(samePerson);
});

it('a mesh that two passes settle is left as it is', async () => {
  const frame = await decodePicture(photo(1));
  for (const box of await pipeline.detectFaces(frame)) {
    const quick = await pipeline.faceMesh(frame, box, { quick: true });
    if (Math.abs(headPose(quick).roll) > 15) continue;
    expect((await pipeline.faceMesh(frame, box)).points).toEqual(quick.points);
  }
});
