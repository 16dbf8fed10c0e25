import { errorText, type LogLine, logLines } from '@openfrs/core/observation';
import { type AuditLine, auditLines } from '@openfrs/http';
import pino from 'pino';
import { withoutSecrets } from './redaction.ts';

export interface ServerLogOptions {
  /** FRS_LOG_LEVEL: lines below it are left out, those of the audit log never. */
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Preset: standard output; standard error for warnings and worse. */
  readonly write?: (line: string, isTrouble: boolean) => unknown;
}

/** Pino's own, and ours: a fault is a request that failed; an audit line is written whatever the level. */
const levels = { fault: 55, audit: 100 } as const;
const troubleFrom = 40;

const toStreams = (line: string, isTrouble: boolean) =>
  (isTrouble ? process.stderr : process.stdout).write(line);

/** Writes the log of this process and of its threads as JSON lines. @returns what ends it */
export function openServerLog({ level, write = toStreams }: ServerLogOptions): () => void {
  const destination = {
    // Pino tells a destination that asks for it the level of the line that it writes next.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string) {
      write(line, this.lastLevel >= troubleFrom && this.lastLevel < levels.audit);
    },
  };
  const logger = pino<keyof typeof levels>(
    {
      level,
      customLevels: levels,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const ends = [
    logLines.watch((line) => logger[line.level](fieldsOf(line), withoutSecrets(line.message))),
    // The line's own time is the logger's: both are of this moment.
    auditLines.watch(({ level: _level, time: _time, ...line }: AuditLine) => logger.audit(line)),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function fieldsOf({ requestId, fields, error }: LogLine): Record<string, unknown> {
  return {
    ...(requestId !== undefined && { request_id: requestId }),
    ...Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, scrubbed(value)])),
    ...(error !== undefined && { error: withoutSecrets(errorText(error)) }),
  };
}

/** Callers give plain values; of what came from elsewhere nothing passes that isn't one. */
function scrubbed(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
