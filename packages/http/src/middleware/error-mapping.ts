import { FrsError } from '@openfrs/contract';
import { IamError } from '@openfrs/core';
import type { Next } from '../pipeline.ts';
import type { WithRecord } from '../request-context.ts';
import { logError } from '../request-log.ts';
import { errorResult, type HttpResult } from '../respond.ts';

/** Turns errors into the contract's answers, here and nowhere else; what is neither FRS's nor IAM's is logged with its stack. */
export async function errorMapping({ record }: WithRecord, next: Next): Promise<HttpResult> {
  try {
    return await next({});
  } catch (error) {
    record.errorCode =
      error instanceof FrsError ? error.code : error instanceof IamError ? 'IAM' : 'FRS.0018';
    if (!(error instanceof FrsError || error instanceof IamError)) {
      logError(record.requestId, record.operation, error);
    }
    return errorResult(error, record.requestId);
  }
}
