import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type ByteRange, readSegmentPlan, segmentHeaderBytes } from '@openfrs/search';
import type { StoreOptions } from '@openfrs/store';

type Where = Pick<StoreOptions, 's3' | 'bucket'>;

/** What a cold search waits for: the codes of a segment, and where they lie in its file. */
export interface CodesBlock extends ByteRange {
  readonly key: string;
}

/** The segments of a set. */
export async function codesBlocksOf(where: Where, setId: string): Promise<CodesBlock[]> {
  const Prefix = `segments/${setId}/`;
  const { Contents = [] } = await where.s3.send(new ListObjectsV2Command({ Bucket: where.bucket, Prefix }));
  const keys = Contents.flatMap(({ Key }) => Key ?? []);
  return Promise.all(
    keys.map(async (key) => {
      const head = await readRange(where, key, 0, segmentHeaderBytes);
      return { key, ...readSegmentPlan(head).parts.codes };
    }),
  );
}

/** Reads the blocks by ranged reads side by side, and does nothing with them. */
export async function readBlocks(where: Where, blocks: readonly CodesBlock[]): Promise<void> {
  const part = 8 * 2 ** 20;
  const ranges = blocks.flatMap(({ key, offset, length }) =>
    Array.from({ length: Math.ceil(length / part) }, (_, index) => {
      const from = index * part;
      return readRange(where, key, offset + from, Math.min(part, length - from));
    }),
  );
  await Promise.all(ranges);
}

async function readRange({ s3, bucket }: Where, key: string, from: number, length: number) {
  const Range = `bytes=${from}-${from + length - 1}`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
  return (await Body?.transformToByteArray()) as Uint8Array;
}
