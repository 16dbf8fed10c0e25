// A worker thread doesn't inherit tsx's loader: register it, then run the thread's TypeScript. Loading it is work, too. By `require`:
// Node asks a loader of `import` in another thread, for each module anew, which takes twice as long.
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';
import { lowerThreadPriority } from '../priority/lower-priority.cjs';

lowerThreadPriority(15);
register();
createRequire(import.meta.url)('./thread.ts');
