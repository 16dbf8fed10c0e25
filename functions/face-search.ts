import { faceSearch, lambda } from '@openfrs/service';
import { inProcessVision } from '@openfrs/service/in-process-vision';

export const handler = lambda([faceSearch], { vision: inProcessVision });
