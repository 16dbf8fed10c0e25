import { faceDeleteBatch, lambda } from '@openfrs/service';

export const handler = lambda([faceDeleteBatch]);
