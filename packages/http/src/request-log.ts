import { errorText, log, logLines, openChannel } from '@openfrs/core/observation';

/** One line a request. Never images, vectors, secrets or tokens. */
export interface AuditLine {
  readonly level: 'audit';
  readonly time: string;
  readonly request_id: string;
  readonly operation: string;
  readonly project_id?: string;
  readonly user_id?: string;
  /** Public id of the API token that it was sent with. */
  readonly token_id?: string;
  /** Ids of what an operator's change was of, by what they name: `user_id`, `ak`; where it was made. */
  readonly target?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code?: string;
  readonly ms: number;
  /** In the answer. */
  readonly faces?: number;
}

/** Told of each request when it has been answered. */
export type OnRequest = (line: AuditLine) => void;

/** Who listens writes the audit log. */
export const auditLines = openChannel<AuditLine>('audit');

/** Writes the audit log: JSON lines on standard output, where nobody else does. */
export const writeAuditLine: OnRequest = (line) => {
  if (auditLines.isWatched) auditLines.publish(line);
  else console.log(JSON.stringify(line));
};

/** Writes an unexpected error with its stack, on standard error; the client gets the request id only. */
export function logError(requestId: string, operation: string, error: unknown): void {
  if (logLines.isWatched) {
    log('fault', 'An operation failed', { requestId, error, fields: { operation } });
    return;
  }
  const stack = errorText(error);
  const time = new Date().toISOString();
  console.error(JSON.stringify({ level: 'fault', time, request_id: requestId, operation, error: stack }));
}
