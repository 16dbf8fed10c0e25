import { readFileSync } from 'node:fs';
import { itWithData, sharedData } from '@openfrs/testing/shared-data';
import { expect, it } from 'vitest';
import type { Rect } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { createFacePipeline } from '../pipelines/face-pipeline.ts';
import { withoutDuplicates } from './duplicates.ts';

const frame = { width: 100, height: 100, data: new Uint8Array(30_000) };
const box = (x: number, y: number, width: number, height: number) => ({
  ...{ x, y, width, height },
  angle: 0 as const,
});

it('of two boxes whose landmarks fall together the one that fits them stays', async () => {
  const face = box(10, 20, 50, 60);
  const brow = box(5, 0, 60, 45);
  const neighbour = box(45, 20, 40, 60);
  const landmarks = new Map<Rect, Rect>([
    [face, box(12, 24, 50, 50)],
    [brow, box(10, 22, 52, 52)],
    [neighbour, box(48, 24, 40, 40)],
  ]);
  const bounds = async (_: unknown, boxes: readonly Rect[]) => boxes.map((one) => landmarks.get(one) as Rect);
  expect(await withoutDuplicates(frame, [face, brow, neighbour], bounds)).toEqual([face, neighbour]);
});

it('boxes apart from each other cost nothing', async () => {
  const boxes = [box(0, 0, 20, 20), box(50, 50, 20, 20)];
  const never = () => Promise.reject(new Error('asked'));
  expect(await withoutDuplicates(frame, boxes, never)).toEqual(boxes);
});

itWithData('a close-up is one face', async () => {
  const pipeline = await createFacePipeline();
  const picture = await decodePicture(readFileSync(`${sharedData('field')}/closeup_found_twice.jpg`));
  expect(await pipeline.detectFaces(picture)).toHaveLength(1);
  await pipeline.close();
});
