import { faceSetDelete, lambda } from '@openfrs/service';

export const handler = lambda([faceSetDelete]);
