import { inflateSync } from 'node:zlib';

/** Bytes of a text that are looked at: EXIF data of 64 kB, as in a JPEG, have 130 kB in hexadecimal digits. */
const maxTextBytes = 1 << 20;
const keywords = new Set(['Raw profile type exif', 'Raw profile type APP1']);
const exifName = 'Exif\0\0';

/**
 * The EXIF data, as TIFF, in a PNG's text chunk (ISO 15948, 11.3.3) with a "raw profile", as ImageMagick and ExifTool know it: a name ("generic"
 * in older files), its length and its bytes in hexadecimal, compressed or not. Undefined where the chunk holds something else; nothing where it is
 * damaged: only one such text is unfolded for a picture.
 * @param data of a chunk of the type tEXt, zTXt or iTXt
 */
export function exifOfText(type: string, data: Uint8Array): Uint8Array | undefined {
  const keywordEnd = data.subarray(0, 80).indexOf(0);
  if (keywordEnd < 0 || !keywords.has(latin(data.subarray(0, keywordEnd)))) return undefined;
  const text = textOf(type, data.subarray(keywordEnd + 1));
  const head = text && /^\s*[a-z]\w*\s+(\d+)\s/i.exec(text);
  if (!head) return new Uint8Array(0);
  const digits = text.slice(head[0].length).replace(/\s+/g, '');
  const bytes = Buffer.from(digits, 'hex').subarray(0, Number(head[1]));
  return latin(bytes.subarray(0, exifName.length)) === exifName ? bytes.subarray(exifName.length) : bytes;
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The text behind a keyword. */
function textOf(type: string, data: Uint8Array): string | undefined {
  if (type === 'tEXt') return plainText(data, false);
  if (type === 'zTXt') return data[0] === 0 ? plainText(data.subarray(1), true) : undefined;
  // Is it compressed, how, its language and the keyword in it; both end with a zero.
  const languageEnd = data.indexOf(0, 2);
  const keywordEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  return keywordEnd < 0 ? undefined : plainText(data.subarray(keywordEnd + 1), data[0] === 1);
}

function plainText(data: Uint8Array, compressed: boolean): string | undefined {
  if (!compressed) return data.length > maxTextBytes ? undefined : latin(data);
  try {
    return latin(inflateSync(data, { maxOutputLength: maxTextBytes }));
  } catch {
    return undefined;
  }
}
