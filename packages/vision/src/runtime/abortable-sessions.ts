import type { Sessions } from './sessions.ts';

/**
 * The same sessions for one request: before every run they ask whether its client is still there, so that work ends
 * within one run of a model (one level, strip or stack of crops). Rejects with the signal's reason.
 */
export function abortable(sessions: Sessions, signal: AbortSignal): Sessions {
  return {
    has: (id) => sessions.has(id),
    async run(id, pixels) {
      signal.throwIfAborted();
      return sessions.run(id, pixels);
    },
    warm: (ids) => sessions.warm(ids),
    close: () => sessions.close(),
  };
}
