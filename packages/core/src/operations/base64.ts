import { FrsError } from '@openfrs/contract';

/**
 * Decodes Base64 as the contract wants it: the standard alphabet, padded, nothing else in it (no white space,
 * no data-URL prefix). Node's own decoder skips what it doesn't know, so a text with anything else in it comes
 * out too short; it also takes the URL alphabet, which is looked for beforehand. No character is looped over here.
 * @param allocate called once, where the text may be Base64
 * @throws FrsError FRS.0015
 */
export function decodeBase64(
  text: string,
  allocate: (bytes: number) => Uint8Array = Buffer.allocUnsafeSlow,
): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text === '' || text.length % 4 !== 0 || text.includes('-') || text.includes('_')) {
    throw new FrsError('FRS.0015');
  }
  const bytes = allocate((text.length / 4) * 3 - padding);
  const { buffer, byteOffset, length } = bytes;
  if (Buffer.from(buffer, byteOffset, length).write(text, 'base64') !== length)
    throw new FrsError('FRS.0015');
  return bytes;
}
