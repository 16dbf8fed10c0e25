import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { readSegmentPlan, segmentHeaderBytes } from '@openfrs/search';
import type { StoreOptions } from '@openfrs/store';

type Where = Pick<StoreOptions, 's3' | 'bucket'>;

/** The segments of a set. */
export async function segmentsOf({ s3, bucket }: Where, setId: string): Promise<string[]> {
  const Prefix = `segments/${setId}/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

/** Reads what a cold search waits for, as it lies in the files, by ranged reads side by side; returns its bytes. */
export async function readBlocks(where: Where, keys: readonly string[]): Promise<number> {
  const lengths = await Promise.all(keys.map((key) => readCodes(where, key)));
  return lengths.reduce((sum, length) => sum + length, 0);
}

async function readCodes({ s3, bucket }: Where, key: string): Promise<number> {
  const range = async (from: number, length: number) => {
    const Range = `bytes=${from}-${from + length - 1}`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
    return (await Body?.transformToByteArray()) as Uint8Array;
  };
  const { offset, length } = readSegmentPlan(await range(0, segmentHeaderBytes)).parts.codes;
  const part = 8 * 2 ** 20;
  const starts = Array.from({ length: Math.ceil(length / part) }, (_, index) => index * part);
  await Promise.all(starts.map((at) => range(offset + at, Math.min(part, length - at))));
  return length;
}
