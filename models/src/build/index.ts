/** Adding model files: fetching and converting them. Not for a function's bundle. */
export { type AddedModel, type AddOptions, addModel } from './add.ts';
export { type AddSetOptions, addSet, publishedModels } from './add-set.ts';
