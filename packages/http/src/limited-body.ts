import { finished, type Readable } from 'node:stream';
import { FrsError } from '@openfrs/contract';
import type { MemoryReservation } from './admission/memory-budget.ts';

/** Of a refused body this much is read on and dropped, so that its sender gets to read the answer. */
const drainBytes = 256 * 1024 * 1024;
const drainMilliseconds = 10_000;

interface Headers {
  get(name: string): string | null;
}

/**
 * Reads a body into memory, up to `limit` bytes. A larger one is refused by its Content-Length, or where it
 * passes the limit; one that the memory has no room for is, too. The rest of it is dropped as it comes and costs no memory.
 * @throws FrsError APIG.0201 too large, FRS.0014 it broke off, FRS.0033 the bodies of all requests are too much
 */
export async function fromStream(
  stream: AsyncIterable<Uint8Array> | undefined,
  headers: Headers,
  limit: number,
  share: MemoryReservation,
): Promise<Uint8Array> {
  if (!stream) return new Uint8Array();
  const declared = Number(headers.get('content-length') ?? 0);
  if (declared > drainBytes) throw tooLarge();
  const deadline = Date.now() + drainMilliseconds;
  let chunks: Uint8Array[] = [];
  let size = 0;
  let refusal = declared > limit ? tooLarge() : undefined;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) refusal ??= tooLarge();
      else if (!refusal && !share.add(chunk.length)) refusal = new FrsError('FRS.0033');
      if (refusal === undefined) {
        chunks.push(chunk);
        continue;
      }
      chunks = [];
      share.release();
      if (size > drainBytes || Date.now() > deadline) break;
    }
  } catch (cause) {
    throw refusal ?? new FrsError('FRS.0014', 'The body broke off.', { cause });
  }
  if (refusal !== undefined) throw refusal;
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

/** Reads a stream to its end, or for ten seconds, and keeps nothing. One that was read already is left alone. */
export async function dropStream(stream: Readable): Promise<void> {
  if (stream.readableDidRead || stream.readableEnded || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      forget();
      resolve();
    };
    const timer = setTimeout(done, drainMilliseconds);
    const forget = finished(stream, { writable: false }, done);
    stream.resume();
  });
}

/** @throws FrsError APIG.0201 */
export function fromBytes(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length > limit) throw tooLarge();
  return bytes;
}

function tooLarge(): FrsError {
  return new FrsError('APIG.0201');
}
