/** Bytes of the largest colour profile that is kept; the largest of printers' have 3 MB. */
export const maxProfileBytes = 4 * 1024 * 1024;

/** A profile's header, and an entry of its table of tags behind the count (ICC.1:2022, 7.2 and 7.3). */
export const headerBytes = 128;
export const entryBytes = 12;
/** Of D2B0 to D2B3 and B2D0 to B2D3 (ICC.1:2022, 9.2): the first three letters. */
const elementTransforms = new Set(['D2B', 'B2D']);

/**
 * The profile without its transforms by processing elements. They are alternatives to others that every profile with them must
 * have, and are programs of any length: one of 100 kB takes 17 s of a processor. The same bytes where it has none.
 */
export function withoutElementTransforms(profile: Uint8Array): Uint8Array {
  if (profile.length < headerBytes + 4) return profile;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const room = Math.floor((profile.length - headerBytes - 4) / entryBytes);
  const entries = Math.min(view.getUint32(headerBytes), room);
  let plain: Uint8Array | undefined;
  for (let index = 0; index < entries; index += 1) {
    const at = headerBytes + 4 + index * entryBytes;
    const name = String.fromCharCode(...profile.subarray(at, at + 3));
    if (!elementTransforms.has(name)) continue;
    plain ??= profile.slice();
    // A name that no decoder reads.
    plain.fill(0x2d, at, at + 3);
  }
  return plain ?? profile;
}
