// A worker thread doesn't inherit tsx's loader: register it, then run the thread's TypeScript. Loading it is work, too.
import { register } from 'tsx/esm/api';

register();
const { lowerThreadPriority } = await import('../priority/lower-thread-priority.cjs');
lowerThreadPriority(15);
await import('./thread.ts');
