/** Making model files: fetching, converting and adding them. Not for a function's bundle. */
export { type AddedModel, type AddOptions, addModel } from './add.ts';
export { type AddSetOptions, addSet, publishedModels } from './add-set.ts';
export { type EnsureOptions, ensureModels, type ModelFiles } from './build-models.ts';
