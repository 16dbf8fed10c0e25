import { faceList, lambda } from '@openfrs/service';

export const handler = lambda([faceList]);
