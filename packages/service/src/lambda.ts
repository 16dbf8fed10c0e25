import { readConfig } from '@openfrs/core';
import { lambdaHandler, metricsLog } from '@openfrs/http';
import { createService, type Overrides } from './create-service.ts';
import type { ServiceOperation } from './operation-handler.ts';

/**
 * The handler of a Lambda function that answers these operations, with the environment's settings. It is made when the function
 * starts and opens nothing before its first request.
 * @throws Error naming a variable that can't be read
 */
export function lambda(operations: readonly ServiceOperation[], overrides: Overrides = {}) {
  const onRequest = metricsLog();
  return lambdaHandler(createService(readConfig(), { operations, overrides, onRequest }).app);
}
