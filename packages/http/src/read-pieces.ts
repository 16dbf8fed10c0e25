import type { Readable } from 'node:stream';

/** libuv reads 64 kB at a time; where it got less than this, nothing more was there. */
const fullBytes = 32 * 1024;
/** Chunks of a body may be of a byte each: so many are taken in a turn. */
const piecesATurn = 256;
/** A body of more pieces, of fewer bytes on average, is refused: each costs as much as a large one. */
const tiny = { pieces: 1024, bytes: 32 };

/** Told of each piece of a body, answers whether there are too many tiny ones to go on. */
export function tinyChunkCheck(): (piece: Uint8Array) => boolean {
  let [pieces, bytes] = [0, 0];
  return (piece) => {
    pieces += 1;
    bytes += piece.length;
    return pieces > tiny.pieces && bytes < pieces * tiny.bytes;
  };
}

/**
 * Reads a stream, a full piece or some hundred small ones in each turn of the event loop. By itself libuv reads 32 pieces of every socket that has them:
 * beside four fast senders each turn took 10 ms, and an answer takes ten turns.
 * @returns stops it; the stream is then paused or flows, as it was
 */
export function readPieces(stream: Readable, take: (piece: Uint8Array) => void): () => void {
  let next: NodeJS.Immediate | undefined;
  let inTurn = 0;
  const piece = (chunk: Uint8Array) => {
    inTurn += 1;
    if (chunk.length >= fullBytes || inTurn >= piecesATurn) {
      stream.pause();
      next ??= setImmediate(() => {
        next = undefined;
        inTurn = 0;
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
