import { faceCompare, lambda } from '@openfrs/service';
import { inProcessVision } from '@openfrs/service/in-process-vision';

export const handler = await lambda([faceCompare], { vision: inProcessVision });
