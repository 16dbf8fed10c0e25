const mask = (1n << 64n) - 1n;
const [p1, p2, p3, p4, p5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

const times = (a: bigint, b: bigint) => (a * b) & mask;
const turned = (a: bigint, by: bigint) => ((a << by) | (a >> (64n - by))) & mask;
const round = (sum: bigint, input: bigint) => times(turned((sum + times(input, p2)) & mask, 31n), p1);

/** XXH64 with seed 0, of the public specification: slow, and apart from the service's own. */
export function xxh64(bytes: Buffer): bigint {
  let at = 0;
  let hash: bigint = p5;
  if (bytes.length >= 32) {
    let lanes = [(p1 + p2) & mask, p2, 0n, -p1 & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      const start = at;
      lanes = lanes.map((lane, i) => round(lane, bytes.readBigUInt64LE(start + 8 * i)));
    }
    hash = [1n, 7n, 12n, 18n].reduce((sum, by, i) => sum + turned(lanes[i] ?? 0n, by), 0n) & mask;
    for (const lane of lanes) hash = (times(hash ^ round(0n, lane), p1) + p4) & mask;
  }
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (times(turned(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n), p1) + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    hash = (times(turned(hash ^ times(BigInt(bytes.readUInt32LE(at)), p1), 23n), p2) + p3) & mask;
    at += 4;
  }
  for (const byte of bytes.subarray(at)) hash = times(turned(hash ^ times(BigInt(byte), p5), 11n), p1);
  hash = times(hash ^ (hash >> 33n), p2);
  hash = times(hash ^ (hash >> 29n), p3);
  return hash ^ (hash >> 32n);
}
