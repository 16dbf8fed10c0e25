// A process doesn't inherit tsx's loader: register it, then run the worker's TypeScript. Loading it is work, too. All
// threads that start from here on, libuv's and onnxruntime's, take after this one's priority.
import { register } from 'tsx/esm/api';
import { yieldProcessor } from '../priority/yield-processor.cjs';

yieldProcessor();
register();
await import('./worker.ts');
