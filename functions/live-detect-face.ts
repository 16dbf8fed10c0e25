import { lambda, liveDetectFace } from '@openfrs/service';
import { inProcessLiveness } from '@openfrs/service/in-process-liveness';

export const handler = await lambda([liveDetectFace], { liveness: inProcessLiveness });
