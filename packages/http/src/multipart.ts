import { FrsError } from '@openfrs/contract';
import { headerParameters } from './header-parameters.ts';

/** One part of a multipart body: its name and its bytes, whatever headers it came with. */
export interface Part {
  /** Empty where the part names no form field. */
  readonly name: string;
  /** By lower-case name; of a header that is given twice, the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** A view of the body, not a copy. */
  readonly bytes: Uint8Array;
}

const maxParts = 64;
/** Bytes of headers of all parts together; 64 parts of a real client have 10 kB. */
const maxHeaderBytes = 64 * 1024;
/** RFC 2046, 5.1.1. */
const maxBoundary = 70;
/** Spaces and tabs that may stand between a boundary and the end of its line. */
const maxPadding = 64;
const crlf = Buffer.from('\r\n');
const blankLine = Buffer.from('\r\n\r\n');

/**
 * Splits a multipart body that is whole in memory, in one pass and without waiting for anything: it ends, whatever the body says.
 * Every part is taken as bytes, because clients mark files in different ways: with or without a file name, with or
 * without a content type.
 * @throws FrsError FRS.0012 no boundary, cut off, too many parts or headers, or otherwise malformed
 */
export function readMultipart(body: Uint8Array, contentType: string): Part[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const dashed = Buffer.from(`--${boundaryOf(contentType)}`, 'latin1');
  const delimiter = Buffer.concat([crlf, dashed]);
  const find = (from: number) => found(bytes.indexOf(delimiter, from), 'the closing boundary is missing');
  const parts: Part[] = [];
  let left = maxHeaderBytes;
  let at = bytes.subarray(0, dashed.length).equals(dashed) ? dashed.length : find(0) + delimiter.length;
  for (;;) {
    if (isClosing(bytes, at)) return parts;
    if (parts.length === maxParts) throw malformed('too many parts');
    at = endOfLine(bytes, at);
    const { header, content } = readHeader(bytes, at, left);
    left -= content - at;
    const end = find(Math.max(content - crlf.length, at));
    parts.push({ ...readHeaders(header), bytes: bytes.subarray(content, Math.max(end, content)) });
    at = end + delimiter.length;
  }
}

function boundaryOf(contentType: string): string {
  const boundary = headerParameters(contentType).get('boundary')?.trimEnd() ?? '';
  if (boundary.length > maxBoundary || !/^[\x20-\x7e]+$/.test(boundary)) throw malformed('no valid boundary');
  return boundary;
}

function isClosing(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x2d && bytes[at + 1] === 0x2d;
}

/** Where the line of a boundary ends. A boundary that goes on is malformed: content must not hold it (RFC 2046). */
function endOfLine(bytes: Buffer, from: number): number {
  let at = from;
  while ((bytes[at] === 0x20 || bytes[at] === 0x09) && at - from < maxPadding) at++;
  if (bytes[at] !== 0x0d || bytes[at + 1] !== 0x0a) throw malformed('no line ends after a boundary');
  return at + crlf.length;
}

/** A part's header without the blank line, and where its content begins. */
function readHeader(bytes: Buffer, at: number, limit: number): { header: string; content: number } {
  const window = bytes.subarray(at, at + limit);
  if (window.subarray(0, crlf.length).equals(crlf)) return { header: '', content: at + crlf.length };
  const end = found(window.indexOf(blankLine), 'too long headers, or no end of them');
  return { header: window.toString('utf8', 0, end), content: at + end + blankLine.length };
}

function readHeaders(header: string): Pick<Part, 'name' | 'headers'> {
  const headers = new Map<string, string>();
  for (const line of header.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  const disposition = headers.get('content-disposition') ?? '';
  const name = /^form-data\s*(;|$)/i.test(disposition)
    ? headerParameters(disposition).get('name')
    : undefined;
  return { name: name ?? '', headers };
}

function found(at: number, otherwise: string): number {
  if (at < 0) throw malformed(otherwise);
  return at;
}

function malformed(cause: string): FrsError {
  return new FrsError('FRS.0012', `The multipart body is malformed: ${cause}.`);
}
