/** Places of faces in a file, one bit each. */
export class Places {
  size = 0;
  private bits: Uint8Array;

  /** @param bits place p is bit `p & 7` of byte `p >> 3` */
  constructor(bits: Uint8Array = new Uint8Array(0)) {
    this.bits = bits;
    for (let byte of bits) for (; byte !== 0; byte &= byte - 1) this.size += 1;
  }

  has(place: number): boolean {
    return (((this.bits[place >> 3] ?? 0) >> (place & 7)) & 1) === 1;
  }

  add(place: number): void {
    if (this.has(place)) return;
    const byte = place >> 3;
    if (byte >= this.bits.length) {
      const more = new Uint8Array(Math.max(byte + 1, this.bits.length * 2));
      more.set(this.bits);
      this.bits = more;
    }
    this.bits[byte]! |= 1 << (place & 7);
    this.size += 1;
  }

  /** The bits up to the last place. */
  toBytes(): Uint8Array {
    let end = this.bits.length;
    while (end > 0 && this.bits[end - 1] === 0) end -= 1;
    return this.bits.slice(0, end);
  }
}
