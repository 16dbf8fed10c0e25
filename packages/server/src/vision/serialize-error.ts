import { type ErrorCode, errorTable, FrsError } from '@openfrs/contract';

/** An error as a message holds it. The contract's own keep their code. */
export interface SerializedError {
  readonly code?: ErrorCode;
  /** Of the contract's errors: what was appended to their wording. */
  readonly message: string;
  readonly stack?: string;
}

export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  if (!(error instanceof FrsError)) return { message, ...(stack && { stack }) };
  return { code: error.code, message: message.slice(errorTable[error.code].message.length).trim() };
}

export function deserializeError({ code, message, stack }: SerializedError): Error {
  if (code !== undefined) return new FrsError(code, message || undefined);
  return Object.assign(new Error(message), stack && { stack });
}
