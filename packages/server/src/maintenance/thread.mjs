// A worker thread doesn't inherit tsx's loader: register it, then run the thread's TypeScript. Loading it is work, too.
import { register } from 'tsx/esm/api';

register();
const { yieldProcessor } = await import('../priority/yield-processor.cjs');
yieldProcessor(15);
await import('./thread.ts');
