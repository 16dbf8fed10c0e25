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
 * The faces that pass the project's quality gate.
 * @throws FrsError FRS.0708 if none does, with the reasons
 */
export function rejectLowQuality(faces: readonly FaceTemplate[], project: Project): readonly FaceTemplate[] {
  const passed = faces.filter((face) => face.quality.total >= project.qualityGate);
  const [largest] = faces;
  if (passed.length === 0 && largest)
    throw new FrsError('FRS.0708', reasons(largest.quality, project.qualityGate));
  return passed;
}

function reasons(quality: FaceQuality, gate: number): string {
  const defects = (['blur', 'pose', 'occlusion', 'illumination'] as const)
    .map((name) => `${name} ${quality[name].toFixed(2)}`)
    .join(', ');
  return `Quality ${quality.total.toFixed(2)} is below ${gate} (0 is best for ${defects}).`;
}
