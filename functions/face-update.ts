import { faceUpdate, lambda } from '@openfrs/service';

export const handler = await lambda([faceUpdate]);
