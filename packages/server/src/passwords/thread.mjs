// Plain JavaScript: a worker thread doesn't inherit tsx's loader, and this one needs no other module of ours.
import { scryptSync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { lowerThreadPriority } from '../priority/lower-priority.cjs';

// Requests and pictures go first: one hash takes all of a core. Not much lower, or pictures starve logins:
// beside two busy loops on two cores a hash took a fifth of the time that it took at 15.
lowerThreadPriority(7);
parentPort?.on('message', ({ id, password, salt, length, options }) => {
  try {
    parentPort?.postMessage({ id, key: scryptSync(password, salt, length, options) });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
