import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSegment, type FaceRow, type IndexSpec } from '@openfrs/search';
import { makeDataset } from '../search/data.ts';

export const segmentRows = 65_536;
export const spec: IndexSpec = { dimension: 192, fields: { age: 'integer', badge: 'long', team: 'string' } };

export const segmentFile = (folder: string, segment: number) => join(folder, `${segment}.segment`);
export const segmentsOf = (faces: number) => Math.ceil(faces / segmentRows);

/** Vectors are made anew for so many segments; the others have those with their dimensions in another order. */
const madeAnew = 8;
const made = new Map<number, Float32Array>();

/** A segment's vectors, five of a person. */
function vectorsOf(segment: number): Float32Array {
  const { dimension } = spec;
  const which = segment % madeAnew;
  const base =
    made.get(which) ?? makeDataset('clustered', segmentRows, dimension, 0, 1_000_003 * (which + 1)).vectors;
  made.set(which, base);
  const shift = 7 * Math.floor(segment / madeAnew);
  const vectors = new Float32Array(base.length);
  for (let start = 0; start < base.length; start += dimension) {
    const split = start + dimension - (shift % dimension);
    vectors.set(base.subarray(split, start + dimension), start);
    vectors.set(base.subarray(start, split), start + (shift % dimension));
  }
  return vectors;
}

/** A segment's faces. */
export function facesOf(segment: number, rows: number): FaceRow[] {
  const { dimension } = spec;
  const vectors = vectorsOf(segment);
  return Array.from({ length: rows }, (_, row) => {
    const number = segment * segmentRows + row;
    return {
      number,
      faceId: idOf(number),
      box: { topLeftX: 10, topLeftY: 10, width: 90, height: 90 },
      externalImageId: `person-${Math.floor(number / 5)}`,
      fields: {
        age: 18 + (number % 60),
        badge: 7_000_000_000n + BigInt(number),
        team: `team_${number % 40}`,
      },
      vector: vectors.subarray(row * dimension, (row + 1) * dimension),
    };
  });
}

function idOf(number: number): string {
  return [...number.toString().padStart(8, '0')].map((digit) => 'ABCDEFGHij'[Number(digit)]).join('');
}

/** Writes what isn't there yet; answers how many segments are left when the time is over. */
export async function writeSegments(folder: string, faces: number, until: number): Promise<number> {
  await mkdir(folder, { recursive: true });
  const count = segmentsOf(faces);
  for (let segment = 0; segment < count; segment += 1) {
    const file = segmentFile(folder, segment);
    if (existsSync(file)) continue;
    if (performance.now() > until) return count - segment;
    await writeFile(`${file}.part`, encodeSegment(spec, facesOf(segment, segmentRows)));
    await rename(`${file}.part`, file);
  }
  return 0;
}
