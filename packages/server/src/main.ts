import { outliveBrokenOutput } from './standard-streams.ts';
import { startLocal } from './start.ts';
import { startEnvironment } from './start-environment.ts';
import { enginesNotice, startupBanner } from './startup-banner.ts';

/** `npm start`: the whole service on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const environment = startEnvironment(process.env);
  const server = await startLocal({
    environment,
    console: true,
    onProgress: (message) => console.log(message),
  });
  console.log(startupBanner(server));
  const notice = enginesNotice(environment, server.credentials);
  if (notice) console.log(notice);
  await stopSignal();
  console.log('Stopping once the requests under way have been answered.');
  await server.stop();
  console.log('Stopped.');
}

/** A second signal within this time is the same Ctrl-C, passed on by npm or tsx; later it means: now. */
const echoMs = 1000;

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        first ??= performance.now();
        if (performance.now() - first > echoMs) process.exit(1);
        resolve();
      });
    }
  });
}

try {
  outliveBrokenOutput();
  await main();
  // Nothing is left to do; a forgotten handle of a library shall not keep the process.
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
