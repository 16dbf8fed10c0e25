import { activeEmbedder } from '@openfrs/models';

/** What a similarity of the model in use means, as its manifest has it. */
export interface Calibration {
  readonly model: string;
  /** One in `1/far` pairs of strangers reaches it; the weakest first. */
  readonly marks: readonly { readonly far: number; readonly similarity: number }[];
}

/** @throws Error the operator's choice of models is damaged */
export async function activeCalibration(modelsDir: string): Promise<Calibration> {
  const entry = await activeEmbedder(modelsDir);
  const { postprocessing, calibration = [] } = entry?.embedder ?? {};
  const points = postprocessing?.calibration ?? calibration;
  const marks = points.map(({ far, similarity }) => ({ far, similarity })).sort((a, b) => b.far - a.far);
  return { model: entry?.id ?? '', marks };
}
