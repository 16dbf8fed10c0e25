import { faceList } from '@openfrs/core/operations/face-list.ts';
import { door, lambda } from '@openfrs/http';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-list', faceList, withFaceSets);
export const handler = lambda(app);
