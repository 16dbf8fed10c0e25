/**
 * What the service needs at run time: the manifest, the choice of models and their verified files. Building and adding
 * models is in `@openfrs/models/build`, which does not belong in a function's bundle.
 */
export { type ModelState, modelsDir } from './cache.ts';
export { calibrateModel, type ModelCalibration, mayCalibrate } from './calibrate.ts';
export {
  type Architecture,
  type Fusion,
  fusionOf,
  loadManifest,
  type Manifest,
  type ModelEntry,
  type ModelOf,
  type ModelRole,
  type PublishedEmbedder,
} from './manifest.ts';
export {
  activeEmbedder,
  type LibraryOptions,
  type ListedModel,
  listModels,
  modelFile,
  openModels,
  type UsableModel,
  useModels,
  verifyModels,
} from './model-files.ts';
export { isPlausibleStep, monotoneCalibration } from './monotone-calibration.ts';
export { selectionNotes } from './selection-notes.ts';
