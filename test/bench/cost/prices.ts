/**
 * AWS's list prices in us-east-1, on demand and without the free tier, as they were published in January 2026, in US
 * dollars. They change: look them up before relying on them.
 */
const price = {
  /** Lambda on x86_64, a GB-second (arm64: 0.0000133334), and a request. */
  gbSecond: 0.0000166667,
  lambdaRequest: 0.2e-6,
  /** An HTTP API's request. */
  gatewayRequest: 1e-6,
  /** DynamoDB on demand: a read of 4 KB, a write of 1 KB, a GB-month. */
  read: 0.125e-6,
  write: 0.625e-6,
  tableGbMonth: 0.25,
  /** S3: a GET, a GB-month. */
  get: 0.4e-6,
  bucketGbMonth: 0.023,
} as const;

/** Amazon Rekognition, the first tier: an image of DetectFaces, CompareFaces, IndexFaces or SearchFacesByImage; a face-month. */
const rekognition = { image: 0.001, faceMonth: 0.00001 } as const;
const rekognitionDoes = new Set(['face-detect', 'face-compare', 'face-add', 'face-search']);

export interface Call {
  readonly name: string;
  readonly ms: number;
  readonly megabytes: number;
  /** Requests to the stores, a call. */
  readonly reads: number;
  readonly writes: number;
  readonly gets: number;
}

/** What 1,000 calls cost. A read is counted as 4 KB, a write as 1 KB, as the items here are. */
export function costOf({ name, ms, megabytes, reads, writes, gets }: Call) {
  const lambda =
    1000 * ((ms / 1000) * (megabytes / 1024) * price.gbSecond + price.lambdaRequest + price.gatewayRequest);
  const stores = 1000 * (reads * price.read + writes * price.write + gets * price.get);
  return {
    lambda,
    stores,
    total: lambda + stores,
    rekognition: rekognitionDoes.has(name) ? 1000 * rekognition.image : undefined,
  };
}

/** Bytes of a face: its record with 192 float32 and a few fields, and its row in a segment. */
const recordBytes = 1200;
const segmentBytes = 1100;
const faces = 100_000;

/** What storing so many faces costs a month. */
export const storageCost = (faces: number) => tableCost(faces) + bucketCost(faces);
const tableCost = (faces: number) => ((recordBytes * faces) / 1e9) * price.tableGbMonth;
const bucketCost = (faces: number) => ((segmentBytes * faces) / 1e9) * price.bucketGbMonth;

/** What storing a full set of 100,000 faces costs a month. */
export function storageLines(): string[] {
  const theirs = faces * rekognition.faceMonth;
  return [
    `A full set of ${faces.toLocaleString('en')} faces: $${storageCost(faces).toFixed(3)} a month`,
    `(table $${tableCost(faces).toFixed(3)}, segments $${bucketCost(faces).toFixed(3)}); Rekognition's face storage: $${theirs.toFixed(2)}.`,
  ];
}
