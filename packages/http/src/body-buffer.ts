/** The system's memory is taken in pieces of this size. */
const step = 256 * 1024;

/**
 * Bytes of a body as they come in, or of what it is decoded to, in pages of its own: taken from the system as the body grows and given back by `free` at once.
 * An ordinary buffer is given back when garbage is collected, which an idle process puts off, and then to the allocator of C, which
 * keeps it for others of its size.
 */
export class BodyBuffer {
  /** Address space for the largest; pages of it are taken by `resize`. */
  readonly #pages: ArrayBuffer;
  #size = 0;

  /** @param limit bytes that `append` will be given in all, at most */
  constructor(limit: number) {
    this.#pages = new ArrayBuffer(0, { maxByteLength: limit });
  }

  append(chunk: Uint8Array): void {
    this.allocate(chunk.length).set(chunk);
  }

  /** The next so many bytes, zero. */
  allocate(bytes: number): Uint8Array {
    const start = this.#size;
    const size = start + bytes;
    if (size > this.#pages.byteLength) {
      this.#pages.resize(Math.min(Math.max(size, this.#pages.byteLength + step), this.#pages.maxByteLength));
    }
    this.#size = size;
    return new Uint8Array(this.#pages, start, bytes);
  }

  /** All of it; after `free` empty, as is every part of it. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#pages, 0, this.#size);
  }

  free(): void {
    this.#size = 0;
    this.#pages.resize(0);
  }
}
