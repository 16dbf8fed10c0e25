import { faceSetDelete } from '@openfrs/core/operations/face-set-delete.ts';
import { door, lambda } from '@openfrs/http';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-set-delete', faceSetDelete, withFaceSets);
export const handler = lambda(app);
