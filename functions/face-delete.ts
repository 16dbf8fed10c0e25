import { faceDelete } from '@openfrs/core/operations/face-delete.ts';
import { door, lambda } from '@openfrs/http';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-delete', faceDelete, withFaceSets);
export const handler = lambda(app);
