// A process doesn't inherit tsx's loader: register it, then run the worker's TypeScript. By `require`: Node asks a loader of `import` in
// another thread, for each module anew, which takes twice as long.
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';
import { lowerProcessPriority } from '../priority/lower-priority.cjs';

// The threads that decoders and models start inherit it.
lowerProcessPriority(Number(process.argv[2]));
register();
createRequire(import.meta.url)('./worker.ts');
