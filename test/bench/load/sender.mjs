// A worker thread doesn't inherit tsx's loader: register it, then send.
import { parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { send } = await import('./traffic.ts');
parentPort.postMessage(await send(workerData.traffic, workerData.seconds));
