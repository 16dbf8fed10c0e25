import { faceAdd } from '@openfrs/core/operations/face-add.ts';
import { door, lambda } from '@openfrs/http';
import { media } from './wiring/media.ts';
import { vision } from './wiring/vision.ts';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-add', faceAdd, async () => ({
  ...withFaceSets(),
  ...media(),
  vision: await vision(),
}));
export const handler = lambda(app);
