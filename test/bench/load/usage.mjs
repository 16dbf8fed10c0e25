// Preloaded into the service (NODE_OPTIONS): every thread of it writes what its own heap holds, and how late its event loop
// ran, into a file of the folder BENCH_USAGE. With BENCH_USAGE_GC garbage is collected first, so that only what is in
// use counts.
import { rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';

const { BENCH_USAGE: folder, BENCH_USAGE_MS: every = '5000', BENCH_USAGE_GC: exact } = process.env;
const script = process.argv[1] ?? '';
if (folder && (!isMainThread || ['main.ts', 'main.js'].includes(basename(script)))) {
  setFlagsFromString('--expose-gc');
  const collect = exact ? runInNewContext('gc') : () => {};
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const name = isMainThread ? 'main' : `${basename(dirname(script))}-${threadId}`;
  const file = `${folder}/${name}.json`;
  // In libuv's threads: a file that replaces another is written out by ext4, which a busy disk takes a third of a second for.
  let noted = Promise.resolve();
  const note = (text) => {
    noted = noted.then(() => writeFile(`${file}.new`, text)).then(() => rename(`${file}.new`, file));
    return noted;
  };
  setInterval(() => {
    const ms = (nanoseconds) => Math.round(nanoseconds / 1e5) / 10;
    const late = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    delay.reset();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    void note(JSON.stringify({ heapUsed, external, late }));
  }, Number(every)).unref();
}
