import { closeSync, openSync, readSync } from 'node:fs';
import { openSegment, readSegmentPlan, segmentHeaderBytes } from '../src/index.ts';

/* A process that loads one segment file as so many segments of one set, and tells what that added to its resident memory. */

const [file = '', count = '1'] = process.argv.slice(2);
/** As a socket brings it. */
const pieceBytes = 65_536;

async function settled(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().rss;
}

const descriptor = openSync(file, 'r');
const head = Buffer.alloc(segmentHeaderBytes);
readSync(descriptor, head, 0, head.length, 0);
const plan = readSegmentPlan(head);
const segments = Array.from({ length: Number(count) }, () => openSegment(plan, Number(count) * plan.rows));
const before = await settled();
for (const part of ['codes', 'columns'] as const) {
  const { offset, length } = plan.parts[part];
  for (const segment of segments) {
    for (let at = offset; at < offset + length; at += pieceBytes) {
      const bytes = Buffer.allocUnsafeSlow(Math.min(pieceBytes, offset + length - at));
      readSync(descriptor, bytes, 0, bytes.length, at);
      segment.write(at, bytes);
    }
    await segment.finishInSlices(part);
  }
}
const added = (await settled()) - before;
closeSync(descriptor);
console.log(JSON.stringify({ added, counted: segments.reduce((sum, { bytes }) => sum + bytes, 0) }));
