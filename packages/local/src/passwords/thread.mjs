// Plain JavaScript: a worker thread doesn't inherit tsx's loader, and this one needs no other module of ours.
import { scryptSync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { yieldProcessor } from '../priority/yield-processor.cjs';

// Nobody else waits for a password; one hash takes all of a core.
yieldProcessor(15);
parentPort?.on('message', ({ id, password, salt, length, options }) => {
  try {
    parentPort?.postMessage({ id, key: scryptSync(password, salt, length, options) });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
