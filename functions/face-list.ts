import { faceList, lambda } from '@openfrs/service';

export const handler = await lambda([faceList]);
