import { type ErrorCode, errorTable } from './error-table.ts';

/**
 * The one error of openfrs: carries a code of the contract, is thrown anywhere and is mapped to an HTTP
 * answer in one place (`@openfrs/http`). Its message is the reference's wording; `detail` may be appended
 * for the caller ("which parameter, and why") and must never hold images, vectors, secrets or tokens.
 */
export class FrsError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    const row = errorTable[code];
    super(detail === undefined ? row.message : `${row.message} ${detail}`, options);
    this.name = 'FrsError';
    this.code = code;
  }

  /** The HTTP status of the contract's error table. */
  get status(): number {
    return errorTable[this.code].status;
  }
}
