import { crc32 } from 'node:zlib';

/** A checksum a piece, so that a range is checked without the rest of its file. */
export const pieceBytes = 256 * 1024;

const sumBytes = 4;

/** The CRC-32 of each piece of a file, as bytes come in chunks of any size. */
export class PieceSums {
  readonly #sums: number[] = [];
  #sum = 0;
  #filled = 0;

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + pieceBytes - this.#filled);
      this.#sum = crc32(chunk.subarray(at, end), this.#sum);
      this.#filled += end - at;
      at = end;
      if (this.#filled === pieceBytes) this.#close();
    }
  }

  /** All of them, 4 bytes each (little-endian), in Base64. */
  finish(): string {
    if (this.#filled > 0) this.#close();
    const bytes = Buffer.alloc(sumBytes * this.#sums.length);
    for (const [at, sum] of this.#sums.entries()) bytes.writeUInt32LE(sum, sumBytes * at);
    return bytes.toString('base64');
  }

  #close(): void {
    this.#sums.push(this.#sum);
    this.#sum = 0;
    this.#filled = 0;
  }
}

/** Whether a piece, whole, is as it was written. */
export function isIntact(sums: string, piece: number, bytes: Uint8Array): boolean {
  const stored = Buffer.from(sums, 'base64');
  const at = sumBytes * piece;
  return at + sumBytes <= stored.length && stored.readUInt32LE(at) === crc32(bytes);
}
