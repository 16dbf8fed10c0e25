/** Puts a file together in memory of a known size, without a list of its parts. */
export class ByteWriter {
  readonly #bytes: Uint8Array;
  #length = 0;

  /** @param capacity bytes that may be appended */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  append(part: Uint8Array): void {
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  /** What was appended; shares its memory. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
