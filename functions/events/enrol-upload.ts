import { readConfig } from '@openfrs/core';
import { createService, enrolUploads, workMetricsLog } from '@openfrs/service';
import { inProcessVision } from '@openfrs/service/in-process-vision';

workMetricsLog();

export const handler = enrolUploads(
  createService(readConfig(), { operations: [], overrides: { vision: inProcessVision } }),
);
