/** A second signal within this time is the same Ctrl-C, passed on by npm or tsx; later it means: now. */
const echoMs = 1000;

/** Resolves when the process is told to stop, and by what; ends it where it is told again. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        first ??= performance.now();
        if (performance.now() - first > echoMs) process.exit(1);
        resolve(name);
      });
    }
  });
}
