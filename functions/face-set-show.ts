import { faceSetShow, lambda } from '@openfrs/service';

export const handler = await lambda([faceSetShow]);
