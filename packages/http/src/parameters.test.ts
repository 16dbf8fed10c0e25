import { operations } from '@openfrs/contract';
import { expect, it } from 'vitest';
import { rawParameters } from './parameters.ts';

const [detect] = operations;
const picture = 'A'.repeat(3_000_000);

/** What a part of this type is read as. */
function imageOf(type: string, content: Uint8Array): unknown {
  const head = `--B\r\nContent-Disposition: form-data; name="image_base64"\r\nContent-Type: ${type}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--B--\r\n')]);
  const headers = new Headers({ 'Content-Type': 'multipart/form-data; boundary=B' });
  const request = { method: 'POST', rawPath: '/', rawQuery: '', headers } as unknown as Parameters<
    typeof rawParameters
  >[1];
  return rawParameters(detect, request, body, undefined).image_base64;
}

it.each(['ISO-8859-1', 'windows-1252', 'US-ASCII', 'gbk', 'UTF-8'])(
  'reads a picture of 3 MB as Base64 in a part that says %s, as ASCII',
  (charset) => {
    const read = imageOf(`text/plain; charset=${charset}`, Buffer.from(picture));
    expect(read === picture).toBe(true);
  },
);

it.each([
  ['ISO-8859-1', Buffer.from(`${picture}\xe9`, 'latin1')],
  ['UTF-16LE', Buffer.from(picture, 'utf16le')],
  ['ISO-2022-JP', Buffer.from(picture)],
])('decodes nothing of megabytes in %s that are not ASCII', (charset, content) => {
  expect(imageOf(`text/plain; charset=${charset}`, content)).toBeInstanceOf(Uint8Array);
});
