import { FrsError } from '@openfrs/contract';
import type { Project } from '../ports/accounts.ts';
import type { FaceSetSpec } from '../ports/face-sets.ts';
import type { EmbeddingModel, FaceQuality, FaceTemplate, Vision } from '../ports/vision.ts';

/** The embedding of a set's vectors: those of different models must never meet. @throws FrsError FRS.0018 with the remedy */
export function modelOfSet(set: FaceSetSpec, vision: Vision): EmbeddingModel {
  const { model } = vision;
  const own = vision.modelOf(set.model);
  if (own !== undefined) return own;
  throw new FrsError(
    'FRS.0018',
    `The face set ${set.name} was built with the model ${set.model}, and ${model.id} is in use: create a face set with it and enrol the photos again, or go back with openfrs models use.`,
  );
}

/**
 * The faces that pass the project's quality gate, and hold at least so much of a person.
 * @param minRecognisability [0, 1]; 0: all of them
 * @throws FrsError FRS.0708 if none does, with the reasons
 */
export function rejectLowQuality(
  faces: readonly FaceTemplate[],
  { qualityGate }: Pick<Project, 'qualityGate'>,
  minRecognisability = 0,
): readonly FaceTemplate[] {
  const passed = faces.filter(
    ({ quality, recognisability }) => quality.total >= qualityGate && recognisability >= minRecognisability,
  );
  const [largest] = faces;
  if (passed.length > 0 || largest === undefined) return passed;
  const { quality, recognisability } = largest;
  const below =
    quality.total < qualityGate
      ? `Quality ${quality.total.toFixed(2)} is below ${qualityGate}`
      : `Recognizability ${recognisability.toFixed(2)} is below ${minRecognisability}`;
  throw new FrsError('FRS.0708', `${below} (0 is best for ${defectsOf(quality)}).`);
}

function defectsOf(quality: FaceQuality): string {
  return (['blur', 'pose', 'occlusion', 'illumination'] as const)
    .map((name) => `${name} ${quality[name].toFixed(2)}`)
    .join(', ');
}
