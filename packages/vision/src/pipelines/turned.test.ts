import { ensureModels } from '@openfrs/models/ensure';
import { itWithData, sharedData } from '@openfrs/testing/shared-data';
import { afterAll, beforeAll, expect } from 'vitest';
import { findPerson, readPicture } from '../evaluation/extract-template.ts';
import type { FaceBox, Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { sharp } from '../image/native-sharp.ts';
import { createFacePipeline, type FacePipeline } from './face-pipeline.ts';

/** The cosine at which two photos show one person (similarity .93). */
const samePerson = 0.42;

let pipeline: FacePipeline;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
});
afterAll(() => pipeline?.close());

/** The head of LFW's photo turned clockwise in the middle of a grey picture. */
async function turnedHead(person: string, degrees: number): Promise<Frame> {
  const file = `${sharedData('identities')}/lfw_dev/${person}/${person}_0001.jpg`;
  const photo = await sharp(file).removeAlpha().png().toBuffer();
  const frame = (await readPicture(photo)) as Frame;
  const { box } = (await findPerson(pipeline, frame)) as { readonly box: FaceBox };
  const side = 1.7 * Math.max(box.width, box.height);
  const left = Math.max(0, Math.round(box.x + box.width / 2 - side / 2));
  const top = Math.max(0, Math.round(box.y + box.height / 2 - side / 2));
  const width = Math.min(frame.width - left, Math.round(side));
  const height = Math.min(frame.height - top, Math.round(side));
  const turned = await sharp(await sharp(photo).extract({ left, top, width, height }).png().toBuffer())
    .rotate(degrees, { background: '#808080' })
    .png()
    .toBuffer({ resolveWithObject: true });
  const room = Math.ceil(Math.hypot(width, height)) + 40;
  const place = {
    left: Math.floor((room - turned.info.width) / 2),
    top: Math.floor((room - turned.info.height) / 2),
  };
  const canvas = sharp({ create: { width: room, height: room, channels: 3, background: '#808080' } });
  return decodePicture(
    await canvas
      .composite([{ input: turned.data, ...place }])
      .jpeg({ quality: 92 })
      .toBuffer(),
  );
}

async function vectorOf(frame: Frame): Promise<Float32Array> {
  const [box] = await pipeline.detectFaces(frame);
  if (box === undefined) return new Float32Array(192);
  const [vector] = await pipeline.embed(frame, [await pipeline.faceMesh(frame, box)], true);
  return vector as Float32Array;
}

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

itWithData.each([
  ['is found although an upright box convinced two detectors of three', 'David_Surrett', -167],
  ['has the box of the view that shows it clearly, not that of the nearest', 'Brandon_Larson', 153],
  ['keeps its landmarks although its box holds the headscarf', 'Abdul_Majeed_Shobokshi', -75],
] as const)('a slantwise face %s', async (_, person, degrees) => {
  const upright = await vectorOf(await turnedHead(person, 0));
  const turned = await vectorOf(await turnedHead(person, degrees));
  expect(cosine(turned, upright)).toBeGreaterThan(samePerson);
});

itWithData.each([
  ['has its own landmarks although its box holds the hair too', 'Brandon_Larson', -23],
  ['is not taken for one upside-down, of which the mesh model is sure', 'Barbara_Bach', 117],
  ['is not taken for an upright one in an upright box', 'Lloyd_Ward', 127],
  ['has no landmarks on half of it, of which the mesh model is sure', 'Jennifer_Thompson', -123],
  ['has no landmarks on half of it, seen in an upright box', 'Jennifer_Thompson', 77],
] as const)('a face in a turned photo %s', async (_, person, degrees) => {
  const file = `${sharedData('identities')}/lfw_dev/${person}/${person}_0001.jpg`;
  const photo = await sharp(file).removeAlpha().png().toBuffer();
  const vectorAt = async (turn: number) => {
    const frame = await decodePicture(
      await sharp(photo).rotate(turn, { background: '#000000' }).png().toBuffer(),
    );
    return (await (await findPerson(pipeline, frame))?.vector()) ?? new Float32Array(192);
  };
  expect(cosine(await vectorAt(degrees), await vectorAt(0))).toBeGreaterThan(samePerson);
});
