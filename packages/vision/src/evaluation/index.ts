/** How well an embedder tells people apart, on anyone's photos: `openfrs models eval` and `npm run bench accuracy`. */
export { type Calibration, leastStrangers } from './calibration.ts';
export { readFlatPairs, readPairs, readPeople } from './identities.ts';
export { type Curve, rates } from './roc.ts';
export { measureIdentities, type SetResult } from './verification.ts';
