import { faceSetList, lambda } from '@openfrs/service';

export const handler = lambda([faceSetList]);
