const boundary = 'openfrs-hostile';
export const multipartType = `multipart/form-data; boundary=${boundary}`;

/** A body of one part under these header lines; in pieces, so that large contents are not copied. */
export function multipart(headers: readonly string[], content: Uint8Array): Uint8Array[] {
  const head = [`--${boundary}`, ...headers, '', ''].join('\r\n');
  return [Buffer.from(head, 'latin1'), content, Buffer.from(`\r\n--${boundary}--\r\n`)];
}

export const imageFile = 'Content-Disposition: form-data; name="image_file"; filename="a.jpg"';
const many = (count: number) => Array.from({ length: count }, (_, at) => `X-${at}: ${at}`);

/** Header lines of a part from which its name can't be read, or only by who reads beyond all limits. */
export const unnamed: readonly (readonly string[])[] = [
  [],
  ['Content-Type: image/jpeg'],
  ['Content-Disposition: attachment'],
  ['Content-Disposition: attachment; name="image_file"; filename="a.jpg"'],
  ['Content-Disposition: inline'],
  ['Content-Disposition: form-data'],
  ['Content-Disposition: form-data; name='],
  ['Content-Disposition: form-data; name="image_file'],
  ['Content-Disposition: form-data; filename="a.jpg"'],
  ['Content-Disposition:'],
  ['Content-Disposition: ; name="image_file"'],
  ['Content-Disposition form-data; name="image_file"'],
  ['no header at all'],
  [': '],
  [`X-\0: \0`],
  [...many(40), imageFile],
  [`X-Long: ${'a'.repeat(20_000)}`, imageFile],
];
