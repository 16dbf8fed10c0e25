import { describe, expect, it } from 'vitest';
import { sniffContainer } from './sniff.ts';

const latin = (text: string) => Uint8Array.from(text.padEnd(64, '\0'), (letter) => letter.charCodeAt(0));
const ftyp = (...brands: string[]) =>
  latin(
    `\0\0\0${String.fromCharCode(8 + 4 * (brands.length + 1))}ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`,
  );
const ebml = (docType: string) =>
  latin(
    `\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82${String.fromCharCode(0x80 + docType.length)}${docType}`,
  );

describe('the container is told by content', () => {
  it.each([
    ['mp4', ftyp('isom', 'isom', 'avc1')],
    ['mp4', ftyp('mp42', 'isom')],
    ['mp4', ftyp('3gp4', 'isom', '3gp4')],
    ['mov', ftyp('qt  ', 'qt  ')],
    ['mov', latin('\0\0\0\x08wide\0\0\x10\0mdat')],
    ['avi', latin('RIFF\0\0\0\0AVI LIST')],
    ['flv', latin('FLV\x01\x05\0\0\0\x09')],
    ['asf', latin('\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9')],
    ['webm', ebml('webm')],
  ])('%s', (container, bytes) => {
    expect(sniffContainer(bytes)).toBe(container);
  });

  it.each([
    ['matroska', ebml('matroska')],
    ['pure 3GPP', ftyp('3gp4', '3gp4')],
    ['Ogg', latin('OggS\0\x02')],
    ['GIF', latin('GIF89a')],
    ['MPEG program stream', latin('\0\0\x01\xba\x44')],
  ])('%s is a video outside the contract', (_, bytes) => {
    expect(sniffContainer(bytes)).toBe('other-video');
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['PNG', latin('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
    ['JPEG', latin('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['WebP', latin('RIFF\0\0\0\0WEBPVP8 ')],
    ['HEIC', ftyp('heic', 'mif1')],
    ['M4A', ftyp('M4A ', 'isom')],
    ['a playlist', latin('#EXTM3U\n#EXTINF:5,\n/etc/passwd')],
    ['a concat script', latin('ffconcat version 1.0\nfile /etc/passwd')],
  ])('%s is no video', (_, bytes) => {
    expect(sniffContainer(bytes)).toBe('no-video');
  });
});
