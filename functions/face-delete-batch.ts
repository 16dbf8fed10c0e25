import { faceDeleteBatch, lambda } from '@openfrs/service';

export const handler = await lambda([faceDeleteBatch]);
