import { faceDeleteBatch } from '@openfrs/core/operations/face-delete-batch.ts';
import { door, lambda } from '@openfrs/http';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-delete-batch', faceDeleteBatch, withFaceSets);
export const handler = lambda(app);
