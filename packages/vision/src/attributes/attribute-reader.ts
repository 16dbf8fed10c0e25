import type { AttributeCode, FaceAttributes, Point } from '@openfrs/core';
import { plainForm } from '../embedding/embedding-form.ts';
import { formOfEmbedder } from '../embedding/embeddings.ts';
import type { FaceAngle, FaceMesh, Frame } from '../geometry/frame.ts';
import { contours } from '../geometry/topology.ts';
import { headPose } from '../landmarks/head-pose.ts';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';
import { createAgeGender } from './age-gender.ts';
import { createExpression } from './expression.ts';

export type AttributeReader = (
  frame: Frame,
  mesh: FaceMesh,
  codes: readonly AttributeCode[],
) => Promise<FaceAttributes>;

/**
 * Reads the attributes that were asked for. What no installed model can tell is "unknown" where the contract has
 * that word (glasses and hat, mask, hair, beard), else left out (photo type): nothing is made up.
 */
export function createAttributeReader(pipeline: FacePipeline): AttributeReader {
  const ageGender = createAgeGender(pipeline);
  const expressionOf = createExpression(pipeline);
  const form = formOfEmbedder(pipeline.embedder);
  const qualityOf = async (frame: Frame, mesh: FaceMesh) => {
    const quality = await pipeline.quality(frame, mesh);
    if (form === plainForm) return quality;
    const [raw] = await pipeline.embed(frame, [mesh], true);
    return { ...quality, recognisability: form.recognisability(raw as Float32Array) };
  };
  return async (frame, mesh, codes) => {
    const asked = (code: AttributeCode) => codes.includes(code);
    const pose = headPose(mesh);
    const person = asked('1') || asked('2') ? await ageGender?.(frame, mesh) : undefined;
    const expression = asked('5') || asked('13') ? await expressionOf?.(frame, mesh) : undefined;
    return {
      ...(asked('0') && { pose }),
      ...(asked('1') && person && { gender: person.gender }),
      ...(asked('2') && person && { age: person.age }),
      ...(asked('3') && { landmark: landmarkOf(mesh) }),
      ...(asked('4') && { dress: { glass: 'unknown', hat: 'unknown' } as const }),
      ...(asked('5') && expression && { smile: expression.smile }),
      ...(asked('6') && { mask: 'unknown' as const }),
      ...(asked('7') && { hair: 'unknown' as const }),
      ...(asked('8') && { beard: 'unknown' as const }),
      ...(asked('12') && { quality: await qualityOf(frame, mesh) }),
      ...(asked('13') && expression && { expression: expression.expression }),
      ...(asked('21') && { faceAngle: quarterTurn(pose.roll) }),
    };
  };
}

/** The quarter of a circle nearest to a roll in degrees. */
function quarterTurn(roll: number): FaceAngle {
  return ((((Math.round(roll / 90) * 90) % 360) + 360) % 360) as FaceAngle;
}

function landmarkOf(mesh: FaceMesh): NonNullable<FaceAttributes['landmark']> {
  const points = (lines: readonly (readonly number[])[]): Point[] =>
    lines.flat().map((index) => ({
      x: mesh.points[index * 3] as number,
      y: mesh.points[index * 3 + 1] as number,
    }));
  return {
    eyes: points(contours.eyes),
    mouth: points(contours.mouth),
    face: points(contours.face),
    eyebrow: points(contours.eyebrow),
    nose: points(contours.nose),
  };
}
