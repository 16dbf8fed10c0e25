import { GetObjectCommand, HeadObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { FrsError } from '@openfrs/contract';
import type { Objects } from '@openfrs/core';

/** Stored media over S3. */
export function createObjects(s3: S3Client): Objects {
  return {
    async read(bucket, key, maxBytes) {
      return (await this.readWithMetadata(bucket, key, maxBytes)).bytes;
    },
    async readWithMetadata(bucket, key, maxBytes) {
      try {
        const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        if ((head.ContentLength ?? 0) > maxBytes) throw new FrsError('FRS.0023');
        const command = new GetObjectCommand({ Bucket: bucket, Key: key });
        const metadata = metadataOf(command);
        const answer = await s3.send(command);
        const bytes = await collect(answer.Body as AsyncIterable<Uint8Array> | undefined, maxBytes);
        return { bytes, metadata: metadata(), etag: (answer.ETag ?? '').replaceAll('"', '') };
      } catch (error) {
        throw asFrsError(error);
      }
    },
  };
}

/** Reads the answer's own headers: the SDK's `Metadata` has no entry that is called `__proto__`. */
function metadataOf(command: GetObjectCommand): () => Readonly<Record<string, string>> {
  let headers: Readonly<Record<string, string>> = {};
  command.middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args);
      ({ headers = {} } = answered.response as { headers?: Record<string, string> });
      return answered;
    },
    { step: 'deserialize' },
  );
  const prefix = 'x-amz-meta-';
  return () =>
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => {
        const lower = name.toLowerCase();
        return lower.startsWith(prefix) ? [[lower.slice(prefix.length), value]] : [];
      }),
    );
}

/** The object may have been replaced since it was asked for its size: the reading stops at the limit. */
async function collect(body: AsyncIterable<Uint8Array> | undefined, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.length;
    if (size > maxBytes) throw new FrsError('FRS.0023');
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function asFrsError(error: unknown): FrsError {
  if (error instanceof FrsError) return error;
  // HEAD has no body, so its errors carry a status only.
  const missing = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
  return new FrsError(missing ? 'FRS.0024' : 'FRS.0022', undefined, { cause: error });
}
