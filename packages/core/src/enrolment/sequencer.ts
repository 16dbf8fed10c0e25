/**
 * Orders two events of one key by S3's sequencers: hexadecimal, of any length; the shorter is padded on the right with zeros ("Event
 * message structure" in the S3 user guide).
 * @returns whether `a` came after `b`
 */
export function isLater(a: string, b: string): boolean {
  const length = Math.max(a.length, b.length);
  const padded = (text: string) => text.toUpperCase().padEnd(length, '0');
  return padded(a) > padded(b);
}
