import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { FrsError } from '@openfrs/contract';

/** One part of a multipart body: its name and its bytes, whatever headers it came with. */
export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const maxParts = 64;

/**
 * Splits a multipart body. Every part is taken as bytes, because clients mark files in different ways: with or
 * without a file name, with or without a content type.
 * @throws FrsError FRS.0012 no boundary, cut off, too many parts or otherwise malformed
 */
export async function readMultipart(body: Uint8Array, contentType: string): Promise<Part[]> {
  const parts: Part[] = [];
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: unknown) => reject(malformed(cause));
    const parser = open(contentType);
    parser.on('file', (name, stream) => {
      const chunks: Uint8Array[] = [];
      stream.on('error', refuse);
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      stream.on('end', () => parts.push({ name: name ?? '', bytes: Buffer.concat(chunks) }));
    });
    parser.on('partsLimit', () => refuse('too many parts'));
    parser.on('error', refuse);
    parser.on('finish', resolve);
    Readable.from([body], { objectMode: false }).on('error', refuse).pipe(parser);
  });
  return parts;
}

function open(contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: () => true,
      limits: { parts: maxParts, headerPairs: 32, headerSize: 16 * 1024 },
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

function malformed(cause: unknown): FrsError {
  return new FrsError('FRS.0012', 'The multipart body is malformed.', { cause });
}
