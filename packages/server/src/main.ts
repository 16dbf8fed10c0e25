import { readConfig } from '@openfrs/core';
import { openServerLog } from './log/server-log.ts';
import { outliveBrokenOutput } from './standard-streams.ts';
import { startLocal } from './start.ts';
import { startEnvironment } from './start-environment.ts';
import { enginesNotice, startupBanner } from './startup-banner.ts';
import { stopSignal } from './stop-signal.ts';
import { startTracing } from './tracing/tracing.ts';

/** `npm start`: the whole service on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const environment = startEnvironment(process.env);
  openServerLog({ level: readConfig(environment).logLevel });
  const endTracing = await startTracing(environment);
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
  await endTracing?.();
  console.log('Stopped.');
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
