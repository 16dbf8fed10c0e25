import { faceSetShow } from '@openfrs/core/operations/face-set-show.ts';
import { door, lambda } from '@openfrs/http';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-set-show', faceSetShow, withFaceSets);
export const handler = lambda(app);
