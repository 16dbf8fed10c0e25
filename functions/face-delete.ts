import { faceDelete, lambda } from '@openfrs/service';

export const handler = lambda([faceDelete]);
