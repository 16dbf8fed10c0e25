/*
 * Loaded before all else (`node --require`). The threads of libuv's pool, where pictures are decoded, are to go behind those that
 * answer requests. All of them are made at the first use of the pool and take after the thread that uses it: that must
 * be one of low priority, as what is lowered can't be raised again.
 */
const { stat } = require('node:fs');
const { isMainThread, Worker, workerData } = require('node:worker_threads');
const { yieldProcessor } = require('./yield-processor.cjs');

const longestWaitMs = 5000;

if (isMainThread) {
  const used = new Int32Array(new SharedArrayBuffer(4));
  new Worker(__filename, { workerData: { used }, execArgv: [] }).unref();
  Atomics.wait(used, 0, 0, longestWaitMs);
} else if (workerData?.used instanceof Int32Array) {
  yieldProcessor();
  stat(__filename, () => {
    Atomics.store(workerData.used, 0, 1);
    Atomics.notify(workerData.used, 0);
  });
}
