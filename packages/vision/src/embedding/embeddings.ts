import type { EmbeddingModel } from '@openfrs/core';
import type { ModelEntry } from '@openfrs/models';
import { falseMatchRateThrough } from '../calibration/false-match-rate.ts';
import { calibrationAnchors, calibrationPoints, similarityCurve } from '../calibration/similarity.ts';
import { type EmbeddingForm, formOf, plainForm } from './embedding-form.ts';

/** An embedding as core knows it, and how the network's vectors become it. */
export interface Embedding extends EmbeddingModel {
  readonly form: EmbeddingForm;
}

/**
 * What an embedder's vectors can be kept as: that of new sets first, with the directions of its entry, where there are any; those of
 * older sets, the newest first; and last as they are, for sets from before any directions.
 * @throws Error it isn't calibrated
 */
export function embeddingsOf({ id, embedder }: ModelEntry): readonly [Embedding, ...Embedding[]] {
  if (embedder === undefined || calibrationAnchors({ embedder }) === undefined)
    throw new Error(`Model ${id} has no calibration; \`openfrs models eval ${id} --write\` measures one.`);
  const { dimension, postprocessing, formerPostprocessing = [] } = embedder;
  const plain = embedding(id, dimension, plainForm, embedder);
  if (postprocessing === undefined) return [plain];
  const processed = (entry: typeof postprocessing) =>
    embedding(entry.id, dimension, formOf(dimension, entry), entry);
  return [processed(postprocessing), ...formerPostprocessing.map(processed), plain];
}

/** The form of an embedder's vectors in new sets, also where it isn't calibrated yet. */
export function formOfEmbedder({ embedder }: Pick<ModelEntry, 'embedder'>): EmbeddingForm {
  const { dimension, postprocessing } = embedder ?? {};
  return dimension && postprocessing ? formOf(dimension, postprocessing) : plainForm;
}

type Calibration = Pick<NonNullable<ModelEntry['embedder']>, 'cosineAtFar1e4' | 'calibration'>;

function embedding(id: string, dimension: number, form: EmbeddingForm, calibration: Calibration): Embedding {
  const embedder = { dimension, ...calibration };
  const anchors = calibrationAnchors({ embedder });
  if (anchors === undefined) throw new Error(`Model ${id} has no calibration.`);
  const { probe, templateWeight } = form;
  return {
    ...{ id, dimension, probe, templateWeight, form },
    ...similarityCurve(anchors),
    ...falseMatchRateThrough(calibrationPoints({ embedder })),
  };
}
