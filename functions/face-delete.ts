import { faceDelete, lambda } from '@openfrs/service';

export const handler = await lambda([faceDelete]);
