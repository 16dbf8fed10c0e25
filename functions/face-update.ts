import { faceUpdate } from '@openfrs/core/operations/face-update.ts';
import { door, lambda } from '@openfrs/http';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-update', faceUpdate, withFaceSets);
export const handler = lambda(app);
