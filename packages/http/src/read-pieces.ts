import type { Readable } from 'node:stream';

/** libuv reads 64 kB at a time; where it got less than this, nothing more was there. */
const fullBytes = 32 * 1024;

/**
 * Reads a stream, a full piece in each turn of the event loop. By itself libuv reads 32 pieces of every socket that has them:
 * beside four fast senders each turn took 10 ms, and an answer takes ten turns.
 * @returns stops it; the stream is then paused or flows, as it was
 */
export function readPieces(stream: Readable, take: (piece: Uint8Array) => void): () => void {
  let next: NodeJS.Immediate | undefined;
  const piece = (chunk: Uint8Array) => {
    if (chunk.length >= fullBytes) {
      stream.pause();
      next ??= setImmediate(() => {
        next = undefined;
        stream.resume();
      });
    }
    take(chunk);
  };
  stream.on('data', piece);
  return () => {
    clearImmediate(next);
    stream.off('data', piece);
  };
}
