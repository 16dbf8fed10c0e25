// A worker thread doesn't inherit tsx's loader: register it, then run the thread's TypeScript. By `require`: Node asks a loader of
// `import` in another thread, for each module anew, which takes twice as long.
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';

register();
createRequire(import.meta.url)('./stores-worker.ts');
