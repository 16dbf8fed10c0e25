import { faceSetShow, lambda } from '@openfrs/service';

export const handler = lambda([faceSetShow]);
