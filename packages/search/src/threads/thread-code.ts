import { figuresBytes } from '../kernel/kernel.ts';
import { control } from './control.ts';

/** Morsels whose finds go in one message: what a search does again at most of those of a thread that is held up. */
const sentTogether = 8;

/**
 * The scanning thread. A text, as it must run wherever this package is bundled into; plain JavaScript. It is told of kernels
 * that it doesn't know yet and of those that are gone, and of scans: it takes morsels from the end, and sends the places of
 * what it found. Messages: src/threads/scan-thread.ts. Once kernels are gone it collects: shared memory counts for nothing in
 * its heap, which would keep it for ever.
 */
export const threadCode = `
const { workerData } = require('node:worker_threads');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { module, port } = workerData;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const kernels = new Map();
const chunk = 8192;
let isCollecting = false;

function takeLast(words) {
  for (;;) {
    const left = Atomics.load(words, ${control.left});
    const end = left & 0xffff;
    if (left >>> 16 >= end) return -1;
    if (Atomics.compareExchange(words, ${control.left}, left, left - 1) === left) return end - 1;
  }
}

function scan({ words, floor, blocks, morsels }) {
  for (const { id, memory, outAt } of blocks) {
    if (memory === undefined) continue;
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const pairs = new Int32Array(memory.buffer, outAt, chunk * 2);
    kernels.set(id, { exports, pairs, buffer: memory.buffer });
  }
  let found = [];
  let unsent = 0;
  let last = 0;
  const send = () => {
    if (unsent > 0) port.postMessage({ from: last, found });
    found = [];
    unsent = 0;
  };
  let ready = -1;
  for (let taken = takeLast(words); taken >= 0; taken = takeLast(words)) {
    const [b, from, to] = morsels.subarray(3 * taken, 3 * taken + 3);
    const { id, rows, rowsAt, probe, probeAt, outAt } = blocks[b];
    const kernel = kernels.get(id);
    if (ready !== b) {
      new Uint32Array(kernel.buffer, rowsAt).set(rows);
      new Float32Array(kernel.buffer, probeAt).set([probe.unit, ...probe.lengths]);
      new Int16Array(kernel.buffer, probeAt + ${figuresBytes}).set(probe.ints);
    }
    ready = b;
    for (let start = from; start < to; start += chunk) {
      const end = Math.min(to, start + chunk);
      const least = floor[${control.floor}] - probe.slack;
      const count = kernel.exports.scan(rowsAt, start, end, probeAt, least, outAt);
      if (count > 0) found.push({ block: b, pairs: kernel.pairs.slice(0, 2 * count) });
    }
    last = taken;
    unsent += 1;
    if (unsent === ${sentTogether}) send();
  }
  send();
}

function forget(gone) {
  kernels.delete(gone);
  if (isCollecting) return;
  isCollecting = true;
  setImmediate(() => {
    isCollecting = false;
    collect();
  });
}

port.on('message', ({ job, gone }) => {
  if (gone !== undefined) forget(gone);
  if (job === undefined) return;
  scan(job);
  Atomics.store(job.words, ${control.done}, 1);
  Atomics.notify(job.words, ${control.done});
});
`;
