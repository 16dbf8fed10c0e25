import { readConfig } from '@openfrs/core';
import { createService, enrolUploads } from '@openfrs/service';
import { inProcessVision } from '@openfrs/service/in-process-vision';

export const handler = enrolUploads(
  createService(readConfig(), { operations: [], overrides: { vision: inProcessVision } }),
);
