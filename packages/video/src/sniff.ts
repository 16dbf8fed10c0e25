/** Containers of the contract. wmv files are `asf`. */
export type Container = 'mp4' | 'mov' | 'avi' | 'flv' | 'webm' | 'asf';

/** What the first bytes say: a container of the contract, another kind of video, or no video at all. */
export type Sniffed = Container | 'other-video' | 'no-video';

/** Brands of `ftyp` that mean MP4 (ISO/IEC 14496-12 and -14, and what encoders write for them). */
const MP4_BRAND =
  /^(isom|iso[2-9a-c]|mp4[12v]|avc1|hvc1|hev1|M4V.|MSNV|dash|msdh|cmf[2cs]|f4v |vp09|mp71|NDSC|XAVC)$/;
const MP4_LATE_BRAND = /^(cmfs|piff|dby1|av01)$/;
const IMAGE_BRAND = /^(heic|heix|hevc|heim|mif1|msf1|avif|avis|crx |jpeg|jp2 |jpx )$/;
const AUDIO_BRAND = /^(M4A |M4B |M4P |F4A )$/;
/** Boxes that a QuickTime file without `ftyp` starts with (QuickTime File Format, "Overview"). */
const QUICKTIME_BOX = /^(moov|mdat|wide|free|skip|pnot)$/;

const ascii = (bytes: Uint8Array, from: number, length: number) =>
  String.fromCharCode(...bytes.subarray(from, from + length));

const startsWith = (bytes: Uint8Array, ...prefix: number[]) => prefix.every((byte, i) => bytes[i] === byte);

function sniffIsoMedia(bytes: Uint8Array): Sniffed {
  const box = ascii(bytes, 4, 4);
  if (box !== 'ftyp') return QUICKTIME_BOX.test(box) ? 'mov' : 'no-video';
  const size = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length, 512);
  const major = ascii(bytes, 8, 4);
  if (major === 'qt  ') return 'mov';
  const brands = [major];
  for (let at = 16; at + 4 <= size; at += 4) brands.push(ascii(bytes, at, 4));
  if (IMAGE_BRAND.test(major) || AUDIO_BRAND.test(major)) return 'no-video';
  // A 3GPP file that lists an MP4 brand declares that MP4 readers may read it (old phones' .mp4 files).
  if (brands.some((brand) => MP4_BRAND.test(brand) || MP4_LATE_BRAND.test(brand))) return 'mp4';
  return brands.includes('qt  ') ? 'mov' : 'other-video';
}

/** EBML's DocType (RFC 8794, element 0x4282) tells webm from matroska. */
function sniffEbml(bytes: Uint8Array): Sniffed {
  const head = bytes.subarray(0, 128);
  for (let at = 4; at + 3 < head.length; at++) {
    if (head[at] !== 0x42 || head[at + 1] !== 0x82) continue;
    const length = (head[at + 2] ?? 0) & 0x7f;
    return ascii(head, at + 3, length).replace(/\0+$/, '') === 'webm' ? 'webm' : 'other-video';
  }
  return 'no-video';
}

/** Video formats outside the contract, by the first bytes. */
function isOtherVideo(bytes: Uint8Array): boolean {
  const transportStream = bytes[0] === 0x47 && bytes[188] === 0x47 && bytes[376] === 0x47;
  const programStream = startsWith(bytes, 0, 0, 1, 0xba) || startsWith(bytes, 0, 0, 1, 0xb3);
  const annexB = startsWith(bytes, 0, 0, 0, 1) && [0x67, 0x40, 0x42].includes(bytes[4] ?? 0);
  const named = /^(OggS|GIF8|DKIF|\.RMF|FWS|CWS|ZWS|YUV4|NSVf)/.test(ascii(bytes, 0, 4));
  const mxf = startsWith(bytes, 0x06, 0x0e, 0x2b, 0x34);
  return transportStream || programStream || annexB || named || mxf;
}

/** Tells the container by content; the name of a file never matters. */
export function sniffContainer(bytes: Uint8Array): Sniffed {
  if (bytes.length < 16) return 'no-video';
  if (ascii(bytes, 0, 4) === 'RIFF') return ascii(bytes, 8, 4) === 'AVI ' ? 'avi' : 'no-video';
  if (ascii(bytes, 0, 3) === 'FLV') return 'flv';
  if (startsWith(bytes, 0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) return 'asf';
  if (startsWith(bytes, 0x1a, 0x45, 0xdf, 0xa3)) return sniffEbml(bytes);
  const iso = sniffIsoMedia(bytes);
  return iso === 'no-video' && isOtherVideo(bytes) ? 'other-video' : iso;
}
