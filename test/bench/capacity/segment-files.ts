import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSegment, type FaceRow, type IndexSpec } from '@openfrs/search';
import { type Dataset, makeDataset, spreadFaces } from '../search/data.ts';
import { photoVectors } from '../search/photo-vectors.ts';

export const segmentRows = 65_536;
export const spec: IndexSpec = { dimension: 192, fields: { age: 'integer', badge: 'long', team: 'string' } };

export const segmentFile = (folder: string, segment: number) => join(folder, `${segment}.segment`);
export const segmentsOf = (faces: number) => Math.ceil(faces / segmentRows);

/** Vectors are made anew for so many segments; those of the others are sums of two of these, person by person. */
const madeAnew = 8;

/** Where a large set's faces come from: vectors as real faces have them, or made up where there are no photos. */
export interface FaceSource {
  readonly kind: Dataset['kind'];
  queries(count: number): readonly Float32Array[];
  /** A segment's faces, five of a person. */
  facesOf(segment: number, rows: number): FaceRow[];
}

/** @param photos a folder a person, as `npm run bench search` takes it */
export async function faceSource(photos: string): Promise<FaceSource> {
  const faces = await photoVectors(photos);
  const made = new Map<number, Float32Array>();
  const make = (rows: number, queries: number, seed: number) =>
    faces
      ? spreadFaces(faces, rows, queries, seed)
      : makeDataset('clustered', rows, spec.dimension, queries, seed);
  const base = (which: number) => {
    const vectors = made.get(which) ?? make(segmentRows, 0, 1_000_003 * (which + 1)).vectors;
    made.set(which, vectors);
    return vectors;
  };
  const vectorsOf = (segment: number) => {
    const which = segment % madeAnew;
    const turn = Math.floor(segment / madeAnew);
    return turn === 0 ? base(which) : sumOf(base(which), base((which + turn) % madeAnew), 5 * 997 * turn);
  };
  return {
    kind: faces ? 'faces' : 'clustered',
    queries: (count) => make(1000, count, 1000 + spec.dimension).queries,
    facesOf: (segment, rows) => facesOf(segment, rows, vectorsOf(segment)),
  };
}

/** The sums of each vector and the one so many rows behind it: cosines within a person and the spectrum stay. */
function sumOf(one: Float32Array, other: Float32Array, shift: number): Float32Array {
  const { dimension } = spec;
  const sums = new Float32Array(one.length);
  for (let at = 0; at < one.length; at += dimension) {
    const from = (at + shift * dimension) % one.length;
    let squared = 0;
    for (let i = 0; i < dimension; i += 1) {
      const sum = one[at + i]! + other[from + i]!;
      sums[at + i] = sum;
      squared += sum * sum;
    }
    for (let i = 0; i < dimension; i += 1) sums[at + i]! /= Math.sqrt(squared);
  }
  return sums;
}

function facesOf(segment: number, rows: number, vectors: Float32Array): FaceRow[] {
  const { dimension } = spec;
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
export async function writeSegments(
  folder: string,
  faces: number,
  source: FaceSource,
  until: number,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  const count = segmentsOf(faces);
  for (let segment = 0; segment < count; segment += 1) {
    const file = segmentFile(folder, segment);
    if (existsSync(file)) continue;
    if (performance.now() > until) return count - segment;
    await writeFile(`${file}.part`, encodeSegment(spec, source.facesOf(segment, segmentRows)));
    await rename(`${file}.part`, file);
  }
  return 0;
}
