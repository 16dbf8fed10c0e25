import { modelsDir } from './cache.ts';
import { loadManifest, type ModelEntry } from './manifest.ts';
import { monotoneCalibration } from './monotone-calibration.ts';
import { readSelection, writeSelection } from './selection.ts';

/** How an embedder's cosines are to be read. */
export type ModelCalibration = Required<
  Pick<NonNullable<ModelEntry['embedder']>, 'cosineAtFar1e4' | 'calibration'>
>;

/**
 * Writes a measured calibration, made monotone, into the entry of a model that the operator added.
 * @throws Error a model of the manifest, an unknown one, or one that is no embedder
 */
export async function calibrateModel(
  id: string,
  { cosineAtFar1e4, calibration }: ModelCalibration,
  { dir = modelsDir() }: { readonly dir?: string } = {},
): Promise<void> {
  const selection = await readSelection(dir);
  const entry = ownEmbedder(id, selection.added);
  entry.embedder = {
    ...entry.embedder,
    cosineAtFar1e4,
    calibration: calibration && monotoneCalibration(calibration),
  };
  await writeSelection(dir, selection);
}

/** @throws Error as `calibrateModel` does, before anything is measured */
export async function mayCalibrate(
  id: string,
  { dir = modelsDir() }: { readonly dir?: string } = {},
): Promise<void> {
  ownEmbedder(id, (await readSelection(dir)).added);
}

function ownEmbedder(id: string, added: ModelEntry[]) {
  if (loadManifest().models.some((model) => model.id === id)) {
    throw new Error(`The calibration of ${id} is the manifest's; only that of a model you added is written.`);
  }
  const entry = added.find((model) => model.id === id);
  if (entry === undefined) throw new Error(`There is no model ${id} among those you added.`);
  const { embedder } = entry;
  if (embedder === undefined) throw new Error(`The model ${id} is no embedder.`);
  return Object.assign(entry, { embedder });
}
