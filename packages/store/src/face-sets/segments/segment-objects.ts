import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { chunk, mapConcurrent } from '../../dynamodb/concurrency.ts';

/** Segments as objects in their bucket: written once under a new name, read in ranges, removed. */
export interface SegmentObjects {
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes [from, to), piece by piece as they come; to be read to its end, or destroyed. @throws SegmentMissing */
  read(key: string, from: number, to: number): Promise<Readable>;
  /** Keys of a set's segments, or of all sets', with the time of writing in milliseconds since 1970. */
  list(setId?: string): Promise<{ readonly key: string; readonly at: number }[]>;
  remove(keys: readonly string[]): Promise<void>;
}

/** A segment that should be there isn't. */
export class SegmentMissing extends Error {
  override readonly name = 'SegmentMissing';
}

const prefix = (setId: string) => `segments/${setId}/`;

/** Whose segment it is, by its name. */
export const setIdOf = (key: string) => key.split('/')[1] ?? '';

/** A name that was never used: whoever knows a segment's name knows its content. */
export const newSegmentKey = (setId: string) => `${prefix(setId)}${randomBytes(12).toString('base64url')}`;

/** Written in parts of this size, some at once. */
const partSize = 8 * 2 ** 20;
/** S3's limit of one removal. */
const removeBatch = 1000;

export function segmentObjects(s3: S3Client, bucket: string): SegmentObjects {
  return {
    async write(key, bytes) {
      const params = { Bucket: bucket, Key: key, Body: bytes, ContentType: 'application/octet-stream' };
      await new Upload({ client: s3, params, partSize, queueSize: 4 }).done();
    },
    async read(key, from, to) {
      if (to <= from) return Readable.from([]);
      try {
        const range = `bytes=${from}-${to - 1}`;
        const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
        return answer.Body as Readable;
      } catch (error) {
        // 416: shorter than its entry says.
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 404 || status === 416) throw new SegmentMissing(`No segment ${key}`, { cause: error });
        throw error;
      }
    },
    async list(setId) {
      const found: { key: string; at: number }[] = [];
      let token: string | undefined;
      do {
        const answer = await s3.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: setId === undefined ? 'segments/' : prefix(setId),
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        for (const { Key, LastModified } of answer.Contents ?? []) {
          if (Key !== undefined) found.push({ key: Key, at: LastModified?.getTime() ?? 0 });
        }
        token = answer.NextContinuationToken;
      } while (token !== undefined);
      return found;
    },
    async remove(keys) {
      await mapConcurrent(chunk(keys, removeBatch), 2, async (batch) => {
        const Objects = batch.map((Key) => ({ Key }));
        const answer = await s3.send(
          new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
        );
        const failed = answer.Errors?.[0];
        if (failed !== undefined)
          throw new Error(`Segment ${failed.Key} can't be removed: ${failed.Message}`);
      });
    },
  };
}
