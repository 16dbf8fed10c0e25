// XXH64 (seed 0), as the xxHash specification 0.1.1 describes it: the checksum of a segment's parts. What is hashed may lie in
// several memories: four lanes are kept in 32 bytes at `state`, and can be carried from one to the other.

const p1: u64 = 0x9e3779b185ebca87;
const p2: u64 = 0xc2b2ae3d27d4eb4f;
const p3: u64 = 0x165667b19e3779f9;
const p4: u64 = 0x85ebca77c2b2ae63;
const p5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function round(acc: u64, input: u64): u64 {
  return rotl<u64>(acc + input * p2, 31) * p1;
}

// @ts-ignore: decorator
@inline
function merge(acc: u64, value: u64): u64 {
  return (acc ^ round(0, value)) * p1 + p4;
}

/** Begins a hash. */
export function hashBegin(state: usize): void {
  store<u64>(state, p1 + p2);
  store<u64>(state, p2, 8);
  store<u64>(state, 0, 16);
  store<u64>(state, 0 - p1, 24);
}

/** Takes in `length` bytes at `at`, a multiple of 32. */
export function hashMore(state: usize, at: usize, length: usize): void {
  const end = at + length;
  let v1 = load<u64>(state);
  let v2 = load<u64>(state, 8);
  let v3 = load<u64>(state, 16);
  let v4 = load<u64>(state, 24);
  while (at < end) {
    v1 = round(v1, load<u64>(at));
    v2 = round(v2, load<u64>(at, 8));
    v3 = round(v3, load<u64>(at, 16));
    v4 = round(v4, load<u64>(at, 24));
    at += 32;
  }
  store<u64>(state, v1);
  store<u64>(state, v2, 8);
  store<u64>(state, v3, 16);
  store<u64>(state, v4, 24);
}

/** The hash of `total` bytes, the last of which, fewer than 32, are the `length` ones at `at`. */
export function hashEnd(state: usize, total: f64, at: usize, length: usize): u64 {
  const end = at + length;
  let h = p5;
  if (total >= 32) {
    const v1 = load<u64>(state);
    const v2 = load<u64>(state, 8);
    const v3 = load<u64>(state, 16);
    const v4 = load<u64>(state, 24);
    h = rotl<u64>(v1, 1) + rotl<u64>(v2, 7) + rotl<u64>(v3, 12) + rotl<u64>(v4, 18);
    h = merge(merge(merge(merge(h, v1), v2), v3), v4);
  }
  h += <u64>total;
  while (at + 8 <= end) {
    h = rotl<u64>(h ^ round(0, load<u64>(at)), 27) * p1 + p4;
    at += 8;
  }
  if (at + 4 <= end) {
    h = rotl<u64>(h ^ (<u64>load<u32>(at) * p1), 23) * p2 + p3;
    at += 4;
  }
  while (at < end) {
    h = rotl<u64>(h ^ (<u64>load<u8>(at) * p5), 11) * p1;
    at += 1;
  }
  h = (h ^ (h >> 33)) * p2;
  h = (h ^ (h >> 29)) * p3;
  return h ^ (h >> 32);
}
