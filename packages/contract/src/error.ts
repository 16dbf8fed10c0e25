import { type ErrorCode, errorTable, timedOut } from './error-table.ts';

export interface FrsErrorOptions extends ErrorOptions {
  /** Of FRS.0033, whole seconds; 1 unless given. */
  readonly retryAfterSeconds?: number;
  /** Of APIG.0201: the service took too long (504), not a body that is too large (413). */
  readonly timedOut?: boolean;
}

/**
 * The one error of openfrs: carries a code of the contract, is thrown anywhere and is mapped to an HTTP
 * answer in one place (`@openfrs/http`). Its message is the reference's wording; `detail` may be appended
 * for the caller ("which parameter, and why") and must never hold images, vectors, secrets or tokens.
 */
export class FrsError extends Error {
  readonly code: ErrorCode;
  /** Seconds until the same request may pass: the answer's `Retry-After`. Set for FRS.0033 only. */
  readonly retryAfterSeconds: number | undefined;
  /** The HTTP status of the contract's error table. */
  readonly status: number;

  constructor(code: ErrorCode, detail?: string, options?: FrsErrorOptions) {
    const row = options?.timedOut ? timedOut : errorTable[code];
    super(detail === undefined ? row.message : `${row.message} ${detail}`, options);
    this.name = 'FrsError';
    this.code = code;
    this.status = row.status;
    this.retryAfterSeconds = code === 'FRS.0033' ? (options?.retryAfterSeconds ?? 1) : undefined;
  }
}
