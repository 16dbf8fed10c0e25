import { faceSetCreate, lambda } from '@openfrs/service';

export const handler = lambda([faceSetCreate]);
