import { withMetrics } from './metrics.ts';

/** One line a request. Never images, vectors, secrets or tokens. */
export interface AuditLine {
  readonly level: 'audit';
  readonly time: string;
  readonly request_id: string;
  readonly operation: string;
  readonly project_id?: string;
  readonly user_id?: string;
  readonly status: number;
  readonly code?: string;
  readonly ms: number;
  /** In the answer. */
  readonly faces?: number;
}

const listeners = new Set<(line: AuditLine) => void>();

/** Tells `listener` every line that this process writes to the audit log, until the returned function is called. */
export function onAudit(listener: (line: AuditLine) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Writes the audit log: JSON lines on standard output. */
export function logAudit(line: AuditLine): void {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME === undefined) console.log(JSON.stringify(line));
  // Lambda's console would wrap the line, and metrics are read from the outermost object only.
  else process.stdout.write(`${JSON.stringify(withMetrics(line))}\n`);
  for (const listener of listeners) listener(line);
}

/** Writes an unexpected fault with its stack, on standard error; the client gets the request id only. */
export function logFault(requestId: string, operation: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const time = new Date().toISOString();
  console.error(JSON.stringify({ level: 'fault', time, request_id: requestId, operation, error: stack }));
}
