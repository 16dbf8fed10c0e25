/**
 * What the service needs at run time: the manifest, the choice of models and their verified files. Building them
 * is in `@openfrs/models/ensure.ts`, bringing others in `@openfrs/models/add.ts`: neither belongs in a function's
 * bundle.
 */
export { type ModelState, modelsDir } from './cache.ts';
export { calibrateModel, type ModelCalibration, mayCalibrate } from './calibrate.ts';
export {
  type LibraryOptions,
  type ListedModel,
  listModels,
  modelFile,
  openModels,
  type UsableModel,
  useModels,
  verifyModels,
} from './library.ts';
export {
  loadManifest,
  type Manifest,
  type ModelEntry,
  type ModelOrigin,
  type ModelRole,
} from './manifest.ts';
