/** Bytes are not what their format says. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Reads LevelDB's numbers and strings one after another. */
export class ByteCursor {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Up to 2⁵³. @throws Malformed */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 56; scale *= 128) {
      const byte = this.take(1)[0] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Malformed('a number is too long');
  }

  /** @throws Malformed */
  take(length: number): Buffer {
    if (length > this.end - this.at) throw new Malformed('it ends too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** With its length before it. @throws Malformed */
  text(): Buffer {
    return this.take(this.varint());
  }
}
