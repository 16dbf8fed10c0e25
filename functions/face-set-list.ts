import { faceSetList } from '@openfrs/core/operations/face-set-list.ts';
import { door, lambda } from '@openfrs/http';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-set-list', faceSetList, withFaceSets);
export const handler = lambda(app);
