// A process doesn't inherit tsx's loader: register it, then run the worker's TypeScript. By `require`: Node asks a loader of `import` in
// another thread, for each module anew, which takes twice as long.
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';
import { lowerProcessPriority } from '../priority/lower-priority.cjs';

register();
const { runWorker } = createRequire(import.meta.url)('./worker.ts');
// Not while it starts, which others may wait for: beside busy processes that took several times as long.
runWorker(() => lowerProcessPriority(Number(process.argv[2])));
