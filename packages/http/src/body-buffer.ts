/** Memory is taken in pieces of at least this size. */
const smallest = 256 * 1024;
/** Of a body that was told to be larger, all is taken once so much is there: who only says so has sent a part of it. */
const toldFrom = 1024 * 1024;

/**
 * Where memory is given back to: what is transferred to a closed port is detached and dropped at once (HTML, 9.4.4). Left to
 * a collection, a few bodies are enough that V8 looks through its whole heap for them, again and again.
 */
const { port1: nowhere } = new MessageChannel();
nowhere.close();

/**
 * Bytes of a body as they come in, or of what it is decoded to, in memory of its own that grows with them, to less than twice their size or to the size that was told, and is
 * given back by `free` at once. A resizable `ArrayBuffer` does not do: for every few of them V8 collected all of its heap.
 */
export class BodyBuffer {
  readonly #limit: number;
  readonly #told: number;
  #memory = new Uint8Array();
  #size = 0;

  /**
   * @param limit bytes that `append` and `allocate` will be given in all, at most
   * @param told bytes that are to come by the sender's word; 0 or NaN where it told none
   */
  constructor(limit: number, told = 0) {
    this.#limit = limit;
    this.#told = told || 0;
  }

  append(chunk: Uint8Array): void {
    this.allocate(chunk.length).set(chunk);
  }

  /** The next so many bytes, to be written by the caller: till then they are anything. The view ends with the next call. */
  allocate(bytes: number): Uint8Array {
    const start = this.#size;
    const size = start + bytes;
    if (size > this.#memory.length) this.#grow(size);
    this.#size = size;
    return this.#memory.subarray(start, size);
  }

  /** All of it; after `free` empty, as is every part of it. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#size);
  }

  free(): void {
    this.#release();
    this.#size = 0;
  }

  #grow(size: number): void {
    const told = size > toldFrom ? this.#told : 0;
    const wanted = told >= size ? told : Math.max(size, 2 * this.#memory.length, smallest);
    const capacity = Math.min(wanted, Math.max(size, this.#limit));
    // Its pages are the process's only once they are written.
    const larger = new Uint8Array(Buffer.allocUnsafeSlow(capacity).buffer);
    larger.set(this.bytes);
    this.#release();
    this.#memory = larger;
  }

  #release(): void {
    if (this.#memory.length > 0) nowhere.postMessage(undefined, [this.#memory.buffer]);
    this.#memory = new Uint8Array();
  }
}
