/** How well an embedder tells people apart, on anyone's photos: `openfrs models eval` and `npm run bench accuracy`. */
export { type Calibration, leastStrangers } from './calibration.ts';
export { extractTemplate, findPerson, templateOf } from './extract-template.ts';
export { type Fitted, fitPostprocessing } from './fit-postprocessing.ts';
export { readGroups } from './groups.ts';
export { type Picture, photoOfEach, readFlatPairs, readPairs, readPeople } from './identities.ts';
export { wilson } from './intervals.ts';
export { measureOperation, type OperationResult } from './operation.ts';
export { isHeldOut } from './person-split.ts';
export { type Curve, rates } from './roc.ts';
export { type EmbedderSummary, summariseEmbedder } from './summarise-embedder.ts';
export { type FaceVector, score } from './templates.ts';
export { noCache, openVectorCache } from './vector-cache.ts';
export { measureIdentities, type SetResult } from './verification.ts';
