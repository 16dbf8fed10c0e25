import type { EmbeddingModel } from '@openfrs/core';
import type { ModelEntry } from '@openfrs/models';
import { calibrationAnchors, similarityCurve } from '../calibration/similarity.ts';
import { type EmbeddingForm, formOf, plainForm } from './embedding-form.ts';

/** An embedding as core knows it, and how the network's vectors become it. */
export interface Embedding extends EmbeddingModel {
  readonly form: EmbeddingForm;
}

/**
 * What an embedder's vectors can be kept as, that of new sets first: with the directions of its entry, where there are any, and
 * as they are, for sets from before.
 * @throws Error it isn't calibrated
 */
export function embeddingsOf({ id, embedder }: ModelEntry): readonly [Embedding, ...Embedding[]] {
  const marks = embedder && calibrationAnchors({ embedder });
  if (embedder === undefined || marks === undefined)
    throw new Error(`Model ${id} has no calibration; \`openfrs models eval ${id} --write\` measures one.`);
  const { dimension, postprocessing } = embedder;
  const plain = embedding(id, dimension, plainForm, marks);
  if (postprocessing === undefined) return [plain];
  const form = formOf(dimension, postprocessing);
  const anchors = calibrationAnchors({ embedder: { dimension, ...postprocessing } });
  return [embedding(postprocessing.id, dimension, form, anchors ?? marks), plain];
}

/** The form of an embedder's vectors in new sets, also where it isn't calibrated yet. */
export function formOfEmbedder({ embedder }: Pick<ModelEntry, 'embedder'>): EmbeddingForm {
  const { dimension, postprocessing } = embedder ?? {};
  return dimension && postprocessing ? formOf(dimension, postprocessing) : plainForm;
}

function embedding(
  id: string,
  dimension: number,
  form: EmbeddingForm,
  marks: Parameters<typeof similarityCurve>[0],
): Embedding {
  const { probe, templateWeight } = form;
  return { id, dimension, probe, templateWeight, form, ...similarityCurve(marks) };
}
