import { startLocal } from './start.ts';
import { welcome } from './welcome.ts';

/** `npm start`: the whole service on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const server = await startLocal({ onProgress: (message) => console.log(message) });
  console.log(welcome(server));
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, resolve);
  });
  console.log(`${signal}: stopping once the requests under way have been answered.`);
  await server.stop();
}

try {
  await main();
  // Nothing is left to do; a forgotten handle of a library shall not keep the process.
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
