import { openChannel } from './channel.ts';
import { currentRequest } from './requests.ts';

/** `fault`: a request failed for no reason that the contract knows. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fault';

/** One event, for people who run the service: never a picture, a vector, a secret, a token or a body. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  /** Its name, message, stack and causes are written, and nothing else of it. */
  readonly error?: unknown;
}

/** Who listens writes them all; as long as nobody does, they go to the console as text. */
export const logLines = openChannel<LogLine>('log');

type LogDetails = Partial<Pick<LogLine, 'error' | 'fields' | 'requestId'>>;

/** @param requestId preset: that of the request under way */
export function log(
  level: LogLevel,
  message: string,
  { error, fields, requestId = currentRequest()?.requestId }: LogDetails = {},
): void {
  if (!logLines.isWatched) {
    toConsole(level, message, error);
    return;
  }
  logLines.publish({
    level,
    message,
    requestId,
    ...(fields !== undefined && { fields }),
    ...(error !== undefined && { error }),
  });
}

function toConsole(level: LogLevel, message: string, error: unknown): void {
  const said = error === undefined ? [message] : [`${message}:`, error];
  if (level === 'debug' || level === 'info') console.log(...said);
  else if (level === 'warn') console.warn(...said);
  else console.error(...said);
}

/** Causes of causes, at most: some lead round in a circle. */
const mostCauses = 5;

/** The stack of an error and those of its causes, for a log. Other properties may hold what was sent: they are left out. */
export function errorText(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `a thrown ${typeof error}`;
  const own = error.stack ?? `${error.name}: ${error.message}`;
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  if (depth >= mostCauses) return own;
  const causes = inner.filter((cause) => cause !== undefined && cause !== null);
  return [own, ...causes.map((cause) => `caused by: ${errorText(cause, depth + 1)}`)].join('\n');
}
