import { S3Error } from '../error.ts';

/** Takes lines and counted bytes from a stream of chunks of any size. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #pending: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** A line up to CRLF, without it; `undefined` at the end of the stream. @throws S3Error IncompleteBody if overlong or cut */
  async line(maxBytes: number): Promise<string | undefined> {
    for (;;) {
      const end = this.#pending.indexOf('\r\n');
      if (end >= 0 && end <= maxBytes) {
        const line = this.#pending.subarray(0, end).toString('latin1');
        this.#pending = this.#pending.subarray(end + 2);
        return line;
      }
      if (this.#pending.length > maxBytes + 2) throw new S3Error('IncompleteBody');
      if (!(await this.#more())) {
        if (this.#pending.length === 0) return undefined;
        throw new S3Error('IncompleteBody');
      }
    }
  }

  /** The next `count` bytes in pieces as they come. @throws S3Error IncompleteBody when the stream ends before */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#pending.length === 0 && !(await this.#more())) throw new S3Error('IncompleteBody');
      const piece = this.#pending.subarray(0, left);
      this.#pending = this.#pending.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    return true;
  }
}
