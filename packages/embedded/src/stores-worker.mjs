// A worker thread doesn't inherit tsx's loader: register it, then run the thread's TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./stores-worker.ts');
