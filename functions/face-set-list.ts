import { faceSetList, lambda } from '@openfrs/service';

export const handler = await lambda([faceSetList]);
