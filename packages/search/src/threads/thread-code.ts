import { control } from './control.ts';

/**
 * The scanning thread. A text, as it must run wherever this package is bundled into; plain JavaScript. It is told of kernels
 * that it doesn't know yet and of those that are gone, and of scans: it takes morsels from the end, and sends for each the places of
 * what it found. Messages: src/threads/scan-thread.ts.
 */
export const threadCode = `
const { workerData } = require('node:worker_threads');
const { module, port } = workerData;
const kernels = new Map();
const chunk = 8192;

function takeLast(words) {
  for (;;) {
    const left = Atomics.load(words, ${control.left});
    const end = left & 0xffff;
    if (left >>> 16 >= end) return -1;
    if (Atomics.compareExchange(words, ${control.left}, left, left - 1) === left) return end - 1;
  }
}

function scan({ words, floor, blocks, morsels, query, unit }) {
  const found = [];
  for (const { id, memory, queryAt, outAt } of blocks) {
    if (memory === undefined) continue;
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const pairs = new Int32Array(memory.buffer, outAt, chunk * 2);
    kernels.set(id, { exports, pairs, query: new Int16Array(memory.buffer, queryAt, 1024) });
  }
  let ready = -1;
  for (let taken = takeLast(words); taken >= 0; taken = takeLast(words)) {
    const [b, from, to] = morsels.subarray(3 * taken, 3 * taken + 3);
    const { id, addresses, queryAt, outAt } = blocks[b];
    const kernel = kernels.get(id);
    if (ready !== b) kernel.query.set(query);
    ready = b;
    const { codes, stride, scales, errors } = addresses;
    for (let start = from; start < to; start += chunk) {
      const end = Math.min(to, start + chunk);
      const count = kernel.exports.scan(
        codes, stride, scales, errors, start, end, queryAt, unit, floor[${control.floor}], outAt,
      );
      if (count > 0) found.push({ block: b, pairs: kernel.pairs.slice(0, 2 * count) });
    }
  }
  return found;
}

port.on('message', ({ job, gone }) => {
  if (gone !== undefined) kernels.delete(gone);
  if (job === undefined) return;
  const found = scan(job);
  port.postMessage(found);
  Atomics.store(job.words, ${control.done}, 1);
  Atomics.notify(job.words, ${control.done});
});
`;
