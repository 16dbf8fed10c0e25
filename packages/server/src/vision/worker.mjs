// A process doesn't inherit tsx's loader: register it, then run the worker's TypeScript. Loading it is work, too. All
// threads that start from here on, libuv's and onnxruntime's, take after this one's priority. With less than 5, lists wait behind
// pictures; with more, a flood of requests that are refused keeps the pictures of others waiting.
import { register } from 'tsx/esm/api';
import { yieldProcessor } from '../priority/yield-processor.cjs';

yieldProcessor(5);
register();
await import('./worker.ts');
