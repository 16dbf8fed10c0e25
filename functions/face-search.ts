import { faceSearch } from '@openfrs/core/operations/face-search.ts';
import { door, lambda } from '@openfrs/http';
import { media } from './wiring/media.ts';
import { vision } from './wiring/vision.ts';
import { withFaceSets } from './wiring/with-face-sets.ts';

export const app = door('face-search', faceSearch, async () => ({
  ...withFaceSets(),
  ...media(),
  vision: await vision(),
}));
export const handler = lambda(app);
