import { faceSetCreate } from '@openfrs/core/operations/face-set-create.ts';
import { door, lambda } from '@openfrs/http';
import { embedding } from './wiring/embedding.ts';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-set-create', faceSetCreate, async () => ({
  ...withFaceSets(),
  model: await embedding(),
}));
export const handler = lambda(app);
