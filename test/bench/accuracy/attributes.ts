import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AttributeCode, FaceAttributes } from '@openfrs/core';
import { readPeople } from '@openfrs/vision/evaluation';
import { decodePicture } from '@openfrs/vision/image';
import { createAttributeReader, type FacePipeline } from '@openfrs/vision/pipeline';
import type Sharp from 'sharp';
import { genderByName } from './first-names.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

export interface AttributeResult {
  readonly attribute: string;
  /** Against what it is held. */
  readonly against: string;
  readonly cases: number;
  readonly error: number;
  readonly unit: 'degrees' | 'years' | 'share';
}

/** By how much a picture is turned to see whether the roll follows, and to which sides to see where the chin is. */
const tilts = [-35, -15, 10, 25] as const;
const turns = [90, 180, 270] as const;
/** Looked at, of all whose names tell: enough for a mean. */
const mostPeople = 200;

/**
 * Errors of the attributes as far as anything is known of the truth: what a picture's turning and mirroring must do to them,
 * and the gender that first names suggest. One picture a person of LFW whose first name tells the gender.
 */
export async function measureAttributes(pipeline: FacePipeline, folder: string): Promise<AttributeResult[]> {
  const read = createAttributeReader(pipeline);
  const look = async (file: Uint8Array, codes: readonly AttributeCode[]) => {
    const frame = await decodePicture(file);
    const [box] = await pipeline.detectFaces(frame);
    return box && read(frame, await pipeline.faceMesh(frame, box), codes);
  };
  const whole = ['0', '1', '2', '13'] as const;
  const cases = new Cases();
  const first = new Map((await readPeople(folder)).toReversed().map(({ person, file }) => [person, file]));
  const named = [...first].filter(([person]) => genderByName(person) !== undefined);
  const step = Math.ceil(named.length / mostPeople);
  for (const [person, file] of named.filter((_, index) => index % step === 0)) {
    const gender = genderByName(person);
    const picture = await readFile(file);
    const face = await look(picture, whole);
    if (face === undefined) continue;
    cases.wrong('gender', 'first names', face.gender !== gender);
    cases.wrong(`gender (${gender})`, 'first names', face.gender !== gender);
    compareMirrored(cases, face, await look(await sharp(picture).flop().png().toBuffer(), whole));
    for (const degrees of tilts) {
      const tilted = await sharp(picture).rotate(degrees, { background: '#777777' }).png().toBuffer();
      const roll = (await look(tilted, ['0']))?.pose?.roll ?? Number.NaN;
      const error = Math.abs(roll - (face.pose?.roll ?? Number.NaN) - degrees);
      cases.add('roll', 'known turns of the picture', error, 'degrees');
    }
    for (const degrees of turns) {
      const turned = await look(await sharp(picture).rotate(degrees).png().toBuffer(), ['21']);
      cases.wrong('face angle', 'known quarter turns', turned?.faceAngle !== degrees);
    }
  }
  return cases.results();
}

/** Mirroring turns yaw and roll round, and changes nothing else of a person. */
function compareMirrored(cases: Cases, face: FaceAttributes, other: FaceAttributes | undefined): void {
  if (!face.pose || !other?.pose) return;
  const mirrored = 'its mirror image';
  cases.add('yaw', mirrored, Math.abs(face.pose.yaw + other.pose.yaw) / 2, 'degrees');
  cases.add('pitch', mirrored, Math.abs(face.pose.pitch - other.pose.pitch) / 2, 'degrees');
  cases.add('age', mirrored, Math.abs((face.age ?? 0) - (other.age ?? 0)) / 2, 'years');
  cases.wrong('expression', mirrored, face.expression?.type !== other.expression?.type);
}

/** Errors by attribute and by what it is held against, in the order of their first mention. */
class Cases {
  readonly #sums = new Map<string, AttributeResult>();

  /** A case whose picture showed no face counts for nothing here: that is detection's error. */
  add(attribute: string, against: string, error: number, unit: AttributeResult['unit']): void {
    if (Number.isNaN(error)) return;
    const key = `${attribute} ${against}`;
    const { cases, error: sum } = this.#sums.get(key) ?? { cases: 0, error: 0 };
    this.#sums.set(key, { attribute, against, cases: cases + 1, error: sum + error, unit });
  }

  wrong(attribute: string, against: string, isWrong: boolean): void {
    this.add(attribute, against, Number(isWrong), 'share');
  }

  results(): AttributeResult[] {
    return [...this.#sums.values()].map((sum) => ({ ...sum, error: sum.error / sum.cases }));
  }
}
