/**
 * CRC-64/NVME (NVM Express base specification, reflected polynomial 0x9A6C9329AC4BC9B5), byte by byte with two
 * 32-bit halves: BigInt arithmetic would be fifty times slower. No small library for it stands outside the AWS SDK.
 */
const polynomial = { high: 0x9a6c9329, low: 0xac4bc9b5 };

const tables = (() => {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let [h, l] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | ((h & 1) << 31);
      h >>>= 1;
      if (carry) [h, l] = [h ^ polynomial.high, l ^ polynomial.low];
    }
    high[byte] = h;
    low[byte] = l;
  }
  return { high, low };
})();

export class Crc64Nvme {
  #high = 0xffffffff;
  #low = 0xffffffff;

  update(bytes: Uint8Array): void {
    let [high, low] = [this.#high, this.#low];
    for (const byte of bytes) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (tables.low[index] ?? 0);
      high = (high >>> 8) ^ (tables.high[index] ?? 0);
    }
    [this.#high, this.#low] = [high, low];
  }

  /** Eight bytes, big-endian, as S3 sends them. */
  digest(): Buffer {
    const out = Buffer.alloc(8);
    out.writeUInt32BE(~this.#high >>> 0, 0);
    out.writeUInt32BE(~this.#low >>> 0, 4);
    return out;
  }
}
