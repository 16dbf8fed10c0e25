import { createHash } from 'node:crypto';
import { vectorBytes } from '../records/faces.ts';
import type { ExportedFace } from './format.ts';

/** Of SHA-256: as good as no two of any number of faces are alike. */
const digestBytes = 16;
const firstRoom = 1024;

/**
 * By what faces are known again: their numbers, a digest of the vector, and one of vector, box and external image id, 40 bytes a face in
 * arrays that double (up to 80, and 120 while they grow). Custom fields are left out: they may have been changed since.
 */
export class FaceMarks {
  count = 0;
  private numbers = new Float64Array(firstRoom);
  private vectors = new Uint8Array(firstRoom * digestBytes);
  private wholes = new Uint8Array(firstRoom * digestBytes);

  add({ number, externalImageId, box, vector }: Omit<ExportedFace, 'fields'>): void {
    if (this.count === this.numbers.length) this.grow();
    const hash = createHash('sha256').update(vectorBytes(vector));
    const sides = [box.topLeftX, box.topLeftY, box.width, box.height];
    const at = this.count * digestBytes;
    this.numbers[this.count] = number ?? Number.NaN;
    this.vectors.set(hash.copy().digest().subarray(0, digestBytes), at);
    const whole = hash.update(JSON.stringify([externalImageId, sides])).digest();
    this.wholes.set(whole.subarray(0, digestBytes), at);
    this.count += 1;
  }

  /** The number of the face at a place. */
  numberAt(place: number): number | undefined {
    const number = this.numbers[place]!;
    return Number.isNaN(number) ? undefined : number;
  }

  vectorAt(place: number): Uint8Array {
    return this.vectors.subarray(place * digestBytes, (place + 1) * digestBytes);
  }

  wholeAt(place: number): Uint8Array {
    return this.wholes.subarray(place * digestBytes, (place + 1) * digestBytes);
  }

  /** The place of a number, where they were added in their order; undefined where it isn't there. */
  placeOf(number: number): number | undefined {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = this.numbers[middle]!;
      if (there === number) return middle;
      if (there < number) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  private grow(): void {
    const room = this.numbers.length * 2;
    this.numbers = grown(this.numbers, new Float64Array(room));
    this.vectors = grown(this.vectors, new Uint8Array(room * digestBytes));
    this.wholes = grown(this.wholes, new Uint8Array(room * digestBytes));
  }
}

function grown<T extends Float64Array | Uint8Array>(before: T, after: T): T {
  after.set(before);
  return after;
}

/** How many faces there are of each digest of the whole: a hash table with open addressing over their places, 12 to 20 bytes a face. */
export class WholeCounts {
  private readonly marks: FaceMarks;
  /** 0 for an empty slot, else 1 + the place of the first face with the digest. */
  private readonly slots: Uint32Array;
  /** By the place of the first. */
  private readonly counts: Uint32Array;

  /** @param isCounted of a place */
  constructor(marks: FaceMarks, isCounted: (place: number) => boolean) {
    this.marks = marks;
    this.slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, 2 * marks.count))));
    this.counts = new Uint32Array(marks.count);
    for (let place = 0; place < marks.count; place += 1) {
      if (!isCounted(place)) continue;
      const slot = this.slotOf(marks.wholeAt(place));
      this.slots[slot] ||= place + 1;
      this.counts[this.slots[slot]! - 1]! += 1;
    }
  }

  /** Takes one with the digest away; false where none is left. */
  take(digest: Uint8Array): boolean {
    const first = this.slots[this.slotOf(digest)]!;
    if (first === 0 || this.counts[first - 1] === 0) return false;
    this.counts[first - 1]! -= 1;
    return true;
  }

  /** The digest's slot, or the empty one where it belongs. */
  private slotOf(digest: Uint8Array): number {
    const mask = this.slots.length - 1;
    // Digests are as good as random: any bits of them will do.
    let slot = (digest[0]! | (digest[1]! << 8) | (digest[2]! << 16) | (digest[3]! << 24)) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const first = this.slots[slot]!;
      if (first === 0 || Buffer.compare(this.marks.wholeAt(first - 1), digest) === 0) return slot;
    }
  }
}
