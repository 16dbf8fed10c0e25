import { faceSetDelete, lambda } from '@openfrs/service';

export const handler = await lambda([faceSetDelete]);
