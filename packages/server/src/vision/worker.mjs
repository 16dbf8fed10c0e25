// A process doesn't inherit tsx's loader: register it, then run the worker's TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
