import type { Log } from './exchange.ts';

/** JSON lines: the audit log on standard output, faults on standard error. */
export const consoleLog: Log = {
  audit: (line) => console.log(JSON.stringify(line)),
  fault: (requestId, operation, error) =>
    console.error(
      JSON.stringify({
        level: 'fault',
        time: new Date().toISOString(),
        request_id: requestId,
        operation,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    ),
};
