import { readConfig } from '@openfrs/core';
import { lambdaHandler, metricsLog } from '@openfrs/http';
import { createService, type Overrides } from './create-service.ts';
import type { ServiceOperation } from './operation-handler.ts';
import { isProvisioned } from './provisioned.ts';

/**
 * The handler of a Lambda function that answers these operations, with the environment's settings. It is made when the function
 * starts and opens nothing before its first request; a provisioned instance opens everything first, models included.
 * @throws Error naming a variable that can't be read
 */
export async function lambda(operations: readonly ServiceOperation[], overrides: Overrides = {}) {
  const onRequest = metricsLog();
  const service = createService(readConfig(), { operations, overrides, onRequest });
  if (isProvisioned()) await service.prepare();
  return lambdaHandler(service.app);
}
