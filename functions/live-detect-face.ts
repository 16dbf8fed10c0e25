import { liveDetectFace } from '@openfrs/core/operations/live-detect-face.ts';
import { door, lambda } from '@openfrs/http';
import { gateway } from './wiring/gateway.ts';
import { liveness } from './wiring/liveness.ts';
import { media } from './wiring/media.ts';

export const app = door('live-detect-face', liveDetectFace, async () => ({
  ...gateway(),
  ...media(),
  liveness: await liveness(),
}));
export const handler = lambda(app);
