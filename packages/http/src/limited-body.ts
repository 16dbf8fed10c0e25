import { FrsError } from '@openfrs/contract';

/** Of a refused body this much is read on and dropped, so that its sender gets to read the answer. */
const drainBytes = 256 * 1024 * 1024;
const drainMilliseconds = 10_000;

/** Bodies up to this size are not worth counting. */
const smallBytes = 256 * 1024;

interface Headers {
  get(name: string): string | null;
}

/**
 * Reads a body into memory, up to `limit` bytes. A larger one is refused by its Content-Length, or where it
 * passes the limit; the rest of it is dropped as it comes and costs no memory.
 * @throws FrsError APIG.0201 too large, FRS.0014 it broke off
 */
export async function fromStream(
  stream: AsyncIterable<Uint8Array> | undefined,
  headers: Headers,
  limit: number,
): Promise<Uint8Array> {
  if (!stream) return new Uint8Array();
  const declared = Number(headers.get('content-length') ?? 0);
  if (declared > drainBytes) throw tooLarge();
  const deadline = Date.now() + drainMilliseconds;
  let chunks: Uint8Array[] = [];
  let size = 0;
  let refused = declared > limit;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      refused ||= size > limit;
      if (!refused) chunks.push(chunk);
      else chunks = [];
      if (refused && (size > drainBytes || Date.now() > deadline)) break;
    }
  } catch (cause) {
    if (refused) throw tooLarge();
    throw new FrsError('FRS.0014', 'The body broke off.', { cause });
  }
  if (refused) throw tooLarge();
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

/** What a request's body may come to in memory, by its headers; 0 if that is not worth counting. */
export function expectedBytes(headers: Headers, limit: number): number {
  const declared = headers.get('content-length');
  const most = declared === null ? (headers.get('transfer-encoding') === null ? 0 : limit) : Number(declared);
  return most > smallBytes && most <= limit ? most : 0;
}

/** @throws FrsError APIG.0201 */
export function fromBytes(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length > limit) throw tooLarge();
  return bytes;
}

function tooLarge(): FrsError {
  return new FrsError('APIG.0201');
}
