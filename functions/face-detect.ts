import { faceDetect } from '@openfrs/core/operations/face-detect.ts';
import { door, lambda } from '@openfrs/http';
import { gateway } from './wiring/gateway.ts';
import { media } from './wiring/media.ts';
import { vision } from './wiring/vision.ts';

export const app = door('face-detect', faceDetect, async () => ({
  ...gateway(),
  ...media(),
  vision: await vision(),
}));
export const handler = lambda(app);
