// Preloaded into the service (NODE_OPTIONS): every thread of it writes what its own heap holds, and how late its event loop
// ran, into a file of the folder that SOAK_USAGE_DIR names. Garbage is collected first, so that only what is in use counts.
import { renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';

const { SOAK_USAGE_DIR: folder, SOAK_USAGE_MS: every = '5000' } = process.env;
const script = basename(process.argv[1] ?? '');
if (folder && (!isMainThread || script === 'main.ts')) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const file = `${folder}/${isMainThread ? 'main' : script.replace(/\W/g, '-')}-${process.pid}-${threadId}.json`;
  setInterval(() => {
    const late = { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
    delay.reset();
    collect();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    writeFileSync(`${file}.new`, JSON.stringify({ at: Date.now(), heapUsed, external, arrayBuffers, late }));
    renameSync(`${file}.new`, file);
  }, Number(every)).unref();
}
