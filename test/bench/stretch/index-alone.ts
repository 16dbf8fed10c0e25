import { readFilter } from '@openfrs/contract';
import {
  createIndex,
  encodeSegment,
  type FaceRow,
  openSegment,
  readSegmentPlan,
  segmentHeaderBytes,
} from '@openfrs/search';
import { makeDataset } from '../search/data.ts';
import { hostileFilters, type Stretch, stretchOf } from './measure.ts';

/* An index in a process of its own; run by stretch.ts. */

const dimension = 128;
const fields = { a: 'long', b: 'integer', c: 'string' } as const;
const segmentRows = 65_536;

async function measure(faces: number): Promise<Stretch[]> {
  const { vectors, queries } = makeDataset('clustered', faces, dimension, 8);
  const row = (number: number): FaceRow => ({
    number,
    faceId: number.toString().padStart(8, '0'),
    box: { topLeftX: 0, topLeftY: 0, width: 1, height: 1 },
    externalImageId: `person${Math.floor(number / 5)}`,
    fields: { a: BigInt(number % 4000), b: number % 300, c: `text${number % 1000}` },
    vector: vectors.subarray(number * dimension, (number + 1) * dimension),
  });
  const found: Stretch[] = [];
  const index = createIndex({ dimension, fields });
  for (let start = 0; start < faces; start += segmentRows) {
    const rows = Array.from({ length: Math.min(segmentRows, faces - start) }, (_, i) => row(start + i));
    const file = encodeSegment({ dimension, fields }, rows);
    const segment = openSegment(readSegmentPlan(file.subarray(0, segmentHeaderBytes)));
    segment.write(0, file);
    for (const part of ['codes', 'columns', 'vectors'] as const) {
      const opened = await stretchOf(`open the ${part} of a segment`, () => segment.finishInSlices(part));
      if (start === 0) found.push(opened);
    }
    index.attach(segment);
  }
  const [vector] = queries as [Float32Array];
  const search = (more: object) => index.search({ vector, topN: 10, minCosine: -1, ...more });
  for (let i = 0; i < 20; i += 1) await search({});
  found.push(await stretchOf('search', () => search({})));
  for (const [name, text] of Object.entries(hostileFilters)) {
    found.push(
      await stretchOf(`search with a filter of ${text.length} letters: ${name}`, () =>
        search({ filter: readFilter(text, fields) }),
      ),
    );
  }
  const filter = readFilter('b:[0 TO 150]', fields);
  found.push(await stretchOf('numbers of half of the faces', async () => index.match(filter)));
  found.push(await stretchOf('search by person', () => search({ groupBy: 'external_image_id' })));
  const tail = createIndex({ dimension, fields });
  found.push(
    await stretchOf('append, 400 at a time', async () => {
      for (let start = 0; start < faces; start += 400) {
        tail.append(Array.from({ length: Math.min(400, faces - start) }, (_, i) => row(start + i)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  return found;
}

process.once('message', async ({ faces }: { readonly faces: number }) => {
  process.send?.(await measure(faces));
  process.disconnect();
});
