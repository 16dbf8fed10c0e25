import { createHash } from 'node:crypto';
import { S3Error } from '../error.ts';
import { ByteReader } from './byte-reader.ts';

/** Checks chunk signatures; each covers the one before it, from the request's own signature on. */
export interface ChunkSigner {
  /** @throws S3Error SignatureDoesNotMatch */
  verifyChunk(signature: string, sha256: string): void;
  verifyTrailer(signature: string, sha256: string): void;
}

/** `<size in hex>[;chunk-signature=<64 hex>]` */
const chunkHeader = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/;
const lineBytes = 8192;

/**
 * Unwraps the `aws-chunked` content encoding (S3's API reference, "Signature Calculations: Transferring Payload in Multiple Chunks")
 * and hands the trailer's fields to `onTrailer`. A chunk's bytes pass before its signature is checked: the caller must not make them
 * visible before the generator has ended.
 * @throws S3Error IncompleteBody, InvalidRequest, SignatureDoesNotMatch
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  signer: ChunkSigner | undefined,
  onTrailer: (fields: ReadonlyMap<string, string>) => void,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  for (;;) {
    const match = chunkHeader.exec((await reader.line(lineBytes)) ?? '');
    if (!match) throw new S3Error('IncompleteBody');
    const size = Number.parseInt(match[1] ?? '', 16);
    const hash = signer ? createHash('sha256') : undefined;
    for await (const piece of reader.bytes(size)) {
      hash?.update(piece);
      yield piece;
    }
    if (signer && hash) signer.verifyChunk(match[2] ?? '', hash.digest('hex'));
    if (size === 0) break;
    if ((await reader.line(0)) !== '') throw new S3Error('IncompleteBody');
  }
  onTrailer(await readTrailer(reader, signer));
}

async function readTrailer(reader: ByteReader, signer: ChunkSigner | undefined) {
  const fields = new Map<string, string>();
  let canonical = '';
  for (;;) {
    const line = await reader.line(lineBytes);
    if (line === undefined || line === '') break;
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    if (colon < 1 || fields.size > 10) throw new S3Error('InvalidRequest', 'The trailer is malformed.');
    fields.set(name, value);
    if (name !== 'x-amz-trailer-signature') canonical += `${name}:${value}\n`;
  }
  if (signer && canonical !== '') {
    const sha256 = createHash('sha256').update(canonical).digest('hex');
    signer.verifyTrailer(fields.get('x-amz-trailer-signature') ?? '', sha256);
  }
  return fields;
}
