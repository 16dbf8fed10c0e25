import { seeded } from '@openfrs/testing/faults';

/** The same file, changed in one of the ways in which files break or are broken; the same seed, the same change. */
export function mutated(file: Buffer, seed: number): Buffer {
  const random = seeded(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const changed = Buffer.from(file);
  switch (upTo(6)) {
    case 0: {
      for (let left = 1 + upTo(20); left > 0; left--) changed[upTo(changed.length)] = upTo(256);
      return changed;
    }
    case 1: {
      // In the headers, where it hurts most.
      for (let left = 1 + upTo(4); left > 0; left--) changed[upTo(Math.min(700, changed.length))] = upTo(256);
      return changed;
    }
    case 2:
      return changed.subarray(0, upTo(changed.length));
    case 3: {
      const at = upTo(changed.length);
      return Buffer.concat([changed.subarray(0, at), changed.subarray(at + 1 + upTo(200))]);
    }
    case 4: {
      const at = upTo(changed.length);
      return Buffer.concat([changed.subarray(0, at + upTo(500)), changed.subarray(at)]);
    }
    default: {
      const extremes = [0, 0x7f, 0x80, 0xff];
      const at = upTo(changed.length - 4);
      changed.fill(extremes[upTo(4)] ?? 0, at, at + 1 + upTo(4));
      return changed;
    }
  }
}
