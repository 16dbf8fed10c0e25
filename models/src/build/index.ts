/** Adding model files: fetching and converting them. Not for a function's bundle. */
export { type AddedModel, type AddOptions, addModel } from './add.ts';
export { type AddedSet, type AddSetOptions, addSet, publishedEmbedders, publishedModels } from './add-set.ts';
