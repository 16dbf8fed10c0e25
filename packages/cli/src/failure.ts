import { FrsApiError } from '@openfrs/client';
import { FrsError } from '@openfrs/contract';
import { AccountConflict } from '@openfrs/core';
import type { Stores } from './stores.ts';

/** Something that the user can put right: its message is all they need. */
export class CliError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CliError';
  }
}

/** The service could not be reached. */
export class Unreachable extends Error {
  constructor(endpoint: string, options: ErrorOptions) {
    super(`Can't reach ${endpoint}: is the server running (npm start)?`, options);
    this.name = 'Unreachable';
  }
}

/** A failure in one sentence that names the remedy, where there is one. */
export function explain(error: unknown, stores: Stores | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if ([CliError, Unreachable, AccountConflict, RangeError].some((own) => error instanceof own)) {
    return error.message;
  }
  if (error instanceof FrsApiError || error instanceof FrsError) return `${error.code}: ${error.message}`;
  const codes = [error, error.cause].map((each) =>
    each instanceof Error && 'code' in each ? each.code : error.name,
  );
  const place = stores?.place ?? 'the stores';
  if (codes.some((code) => code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'TimeoutError')) {
    return `Can't reach ${place}. Is the server running (npm start)? Or set AWS_REGION and FRS_TABLE_ACCOUNTS for deployed ones.`;
  }
  if (error.name === 'ResourceNotFoundException') {
    return `The table "${stores?.config.accountsTable}" is not among ${place}: FRS_TABLE_ACCOUNTS names it.`;
  }
  if (error.name === 'CredentialsProviderError' || /region is missing/i.test(error.message)) {
    return `${error.message}. Start the server (npm start), or set AWS_REGION and AWS credentials for deployed stores.`;
  }
  return error.message;
}
