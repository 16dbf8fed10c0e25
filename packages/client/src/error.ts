/** What the service answered in place of a result. */
export class FrsApiError extends Error {
  /** The contract's code, `FRS.0404` for instance; `UNKNOWN` where something else than the service answered. */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;
  /** Names the request in the service's logs. */
  readonly requestId: string | undefined;

  constructor(code: string, message: string, status: number, requestId: string | undefined) {
    super(message);
    this.name = 'FrsApiError';
    this.code = code;
    this.status = status;
    this.requestId = requestId;
  }
}
