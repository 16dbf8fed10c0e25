import { faceDetect, lambda } from '@openfrs/service';
import { inProcessVision } from '@openfrs/service/in-process-vision';

export const handler = await lambda([faceDetect], { vision: inProcessVision });
