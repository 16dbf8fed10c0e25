import { channel } from 'node:diagnostics_channel';

/** Of a line: who hosts the stores writes it with its own. */
export interface StoresLine {
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly error?: unknown;
}

/** The host's channel of its log, by its name: this package knows nothing of the host. */
const lines = channel('openfrs:log');

/** Tells who runs the stores; on the console where nobody writes a log. */
export function tell(level: StoresLine['level'], message: string, error?: unknown): void {
  if (lines.hasSubscribers) lines.publish({ level, message, ...(error !== undefined && { error }) });
  else console.error(...(error === undefined ? [message] : [`${message}:`, error]));
}

/** Hands this thread's lines to another one. */
export function handOverLines(post: (line: StoresLine) => void): void {
  lines.subscribe((line) => {
    const { level, message, error } = line as StoresLine;
    // Not every error can be sent.
    const text = error instanceof Error ? (error.stack ?? error.message) : error && String(error);
    post({ level, message, ...(text !== undefined && { error: text }) });
  });
}
