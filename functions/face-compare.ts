import { faceCompare } from '@openfrs/core/operations/face-compare.ts';
import { door, lambda } from '@openfrs/http';
import { gateway } from './wiring/gateway.ts';
import { media } from './wiring/media.ts';
import { vision } from './wiring/vision.ts';

export const app = door('face-compare', faceCompare, async () => ({
  ...gateway(),
  ...media(),
  vision: await vision(),
}));
export const handler = lambda(app);
