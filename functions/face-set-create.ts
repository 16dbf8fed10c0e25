import { faceSetCreate, lambda } from '@openfrs/service';

export const handler = await lambda([faceSetCreate]);
