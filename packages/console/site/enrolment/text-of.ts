/** What archivers and spreadsheets write, in the order of trial; GB18030 is GBK with more letters. The last takes every byte. */
const encodings = ['utf-8', 'gb18030', 'windows-1252'] as const;

/** Bytes as text. UTF-8 is never taken where it doesn't fit, so no letter is lost; a mark at the beginning is left out. */
export function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  for (const encoding of encodings) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next may fit.
    }
  }
  return new TextDecoder().decode(bytes);
}
