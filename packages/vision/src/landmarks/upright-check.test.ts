import { ensureModels } from '@openfrs/models/ensure';
import { photo } from '@openfrs/testing/photos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SquareRegion } from '../crops/crop-faces.ts';
import { uprightFaces } from '../detection/upright-faces.ts';
import type { FaceBox, FaceMesh, Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { chooseDetectors } from '../pipelines/detect-faces.ts';
import { createFacePipeline, type FacePipeline } from '../pipelines/face-pipeline.ts';
import { meshBounds } from './mesh-bounds.ts';
import { isSeenUpright, placesSeen, type UprightView } from './upright-check.ts';

let pipeline: FacePipeline;
let frame: Frame;
let mesh: FaceMesh;
let view: UprightView;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  frame = await decodePicture(photo(1));
  const [box] = (await pipeline.detectFaces(frame)) as [FaceBox];
  mesh = await pipeline.faceMesh(frame, box);
  const { second } = chooseDetectors(pipeline.registry.all('detector'), pipeline.sessions).verifiers;
  view = (squares) => uprightFaces(frame, squares, second);
});
afterAll(() => pipeline?.close());

/** The mesh turned about its middle, moved by shares of its size and so many times as large. */
function displaced({ degrees = 0, right = 0, down = 0, times = 1 }): FaceMesh {
  const { centreX, centreY, size } = meshBounds(mesh);
  const turn = (degrees * Math.PI) / 180;
  const points = Float32Array.from(mesh.points);
  for (let at = 0; at < points.length; at += 3) {
    const x = times * ((mesh.points[at] as number) - centreX);
    const y = times * ((mesh.points[at + 1] as number) - centreY);
    points[at] = Math.cos(turn) * x - Math.sin(turn) * y + centreX + right * size;
    points[at + 1] = Math.sin(turn) * x + Math.cos(turn) * y + centreY + down * size;
  }
  return { points, presence: 1 };
}

it('a face is seen where its landmarks are, and a little beside', async () => {
  expect(await isSeenUpright(view, mesh)).toBe(true);
  for (const little of [{ right: 0.08 }, { down: -0.08 }, { degrees: 10 }, { times: 1.1 }, { times: 0.9 }]) {
    expect(await isSeenUpright(view, displaced(little)), JSON.stringify(little)).toBe(true);
  }
});

it('and not where they lie on half of it, upside-down or far too large', async () => {
  for (const far of [{ right: 0.35 }, { down: -0.35, times: 0.75 }, { degrees: 180 }, { times: 1.7 }]) {
    expect(await isSeenUpright(view, displaced(far)), JSON.stringify(far)).toBe(false);
  }
});

it.each([0, 100, 180, 250])('is found in a square turned by %i° that lies beside it', async (degrees) => {
  const bounds = meshBounds(mesh);
  const square: SquareRegion = { ...bounds, centreX: bounds.centreX + 0.3 * bounds.size, degrees };
  const upright = (await placesSeen(view, square)).filter(
    (place) => Math.cos(((place.degrees - bounds.degrees) * Math.PI) / 180) > Math.cos(Math.PI / 9),
  );
  expect(upright).not.toEqual([]);
  for (const { centreX, centreY, size } of upright) {
    const off = Math.hypot(centreX - bounds.centreX, centreY - bounds.centreY);
    expect(off / bounds.size).toBeLessThan(0.2);
    expect(Math.abs(Math.log(size / bounds.size))).toBeLessThan(Math.log(1.3));
  }
});
