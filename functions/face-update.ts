import { faceUpdate, lambda } from '@openfrs/service';

export const handler = lambda([faceUpdate]);
