import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sharedData } from '../support/shared-data.ts';
import type { Measured, Task } from './capacity/measure.ts';
import { faceSource, writeSegments } from './capacity/segment-files.ts';
import { runInChildProcess } from './service/child-process.ts';

const program = new URL('./capacity/measure.ts', import.meta.url);

/**
 * `npm run bench capacity [-- --faces N --folder DIR --seconds S --photos DIR]`: the index of a set of many faces (192 dimensions, three fields)
 * as a server holds it whose memory has no room for the float vectors: they are read from the segments' files where they
 * are needed. Files that are there are used again; writing new ones ends after S seconds, to go on at the next call.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      faces: { type: 'string', default: '1000000' },
      folder: { type: 'string', default: join(tmpdir(), 'openfrs-capacity') },
      seconds: { type: 'string', default: '3600' },
      photos: { type: 'string', default: `${sharedData('') ?? ''}identities/lfw_dev` },
    },
  });
  const faces = Number(values.faces);
  const until = performance.now() + 1000 * Number(values.seconds);
  const { photos } = values;
  const source = await faceSource(photos);
  const left = await writeSegments(values.folder, faces, source, until);
  if (left > 0) {
    console.log(`${left} segments are left to be written: call it again`);
    return;
  }
  const found = await runInChildProcess<Task, Measured>(program, { folder: values.folder, faces, photos }, [
    '--expose-gc',
  ]);
  const { rows, bytesOfCodes, memory, coldMs, readMs, warm, filtered, addMs, compactMs } = found;
  console.log(
    [
      `${rows.toLocaleString('en')} faces, ${availableParallelism()} processors, vectors: ${source.kind}`,
      ...memory.map(
        ({ when, bytes }) =>
          `memory, ${when}: ${mega(bytes)} MB, ${(bytes / bytesOfCodes).toFixed(2)} × the int8 vectors`,
      ),
      `first search with its reading: ${coldMs.toFixed(0)} ms; reading alone: ${readMs.toFixed(0)} ms`,
      ...warm.map(
        ({ topN, medianMs, leastMs }) =>
          `warm search, top ${topN}: ${medianMs.toFixed(1)} ms (least ${leastMs.toFixed(1)})`,
      ),
      ...filtered.map(
        ({ what, medianMs }) => `warm search, ${what} pass the filter: ${medianMs.toFixed(1)} ms`,
      ),
      `a face added and found: ${addMs.toFixed(1)} ms; 65,536 faces of the tail moved to a new segment: ${compactMs.toFixed(0)} ms`,
    ].join('\n'),
  );
}

const mega = (bytes: number) => (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 0 });
