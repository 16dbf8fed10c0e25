import { lambda, liveDetect } from '@openfrs/service';
import { inProcessLiveness } from '@openfrs/service/in-process-liveness';

export const handler = await lambda([liveDetect], { liveness: inProcessLiveness });
