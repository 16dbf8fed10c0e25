// What lies in a memory as JavaScript puts it there (src/kernel/kernel.ts).

/**
 * Where a block's quantised rows lie. A row's signed bytes are in up to three planes, each of a multiple of 32 bytes a row (0:
 * it isn't there): most rows are told apart by the first. `scales[r]` turns the row's dot product with the query's integers into a
 * cosine once multiplied by the query's unit; `errors[r]` bounds how far that is from the truth (-Infinity: the row is
 * dead). `remainders[r]` has two u16: bounds of the row's length beyond the first plane and beyond the second.
 */
@unmanaged
export class Rows {
  plane0: usize;
  plane1: usize;
  plane2: usize;
  bytes0: usize;
  bytes1: usize;
  bytes2: usize;
  scales: usize;
  errors: usize;
  remainders: usize;
}

/** A query's figures, in front of its int16: plane after plane as the rows' bytes. */
@unmanaged
export class Probe {
  unit: f32;
  /** The query's lengths beyond the first plane and beyond the second, for remainders as they are stored. */
  length1: f32;
  length2: f32;
  unused: f32;
}

/** Bytes of a Probe. */
export const probeBytes: usize = 16;
