import { isAscii } from 'node:buffer';
import {
  FrsError,
  inPath,
  isMostlyAscii,
  type JsonValue,
  type Operation,
  parseJson,
  parseJsonBody,
} from '@openfrs/contract';
import { headerParameters } from './header-parameters.ts';
import { type Part, readMultipart } from './multipart.ts';
import type { RawRequest } from './raw-request.ts';

export type RawParameters = Readonly<Record<string, unknown>>;

/** Parameters that are files; every other part of a multipart body is text. */
const files: ReadonlySet<string> = new Set(['image_file', 'image1_file', 'image2_file', 'video_file']);
/** Text beyond ASCII in another charset than UTF-8 is decoded up to here: a megabyte of it may take 25 ms. */
const longestOtherText = 1024 * 1024;
/** No charset has a longer name. */
const longestCharset = 64;
/** Text parts that are JSON texts. */
const jsonTexts: ReadonlySet<string> = new Set(['sort', 'return_fields', 'external_fields']);

/**
 * The parameters of a request before they are judged: from the body where the operation has one, else from the
 * query; and the face set's name from the path.
 * @throws FrsError FRS.0014 the body is not JSON, FRS.0012 it is malformed multipart
 */
export function rawParameters(
  operation: Operation,
  request: RawRequest,
  body: Uint8Array,
  faceSetName: string | undefined,
): RawParameters {
  const given = operation.body ? fromBody(operation.body, request, body) : fromQuery(request.rawQuery);
  return faceSetName === undefined ? given : { ...given, [inPath]: faceSetName };
}

/** Are the parameters views of the body? Those of JSON stand alone. */
export function isMultipart({ headers }: RawRequest): boolean {
  return /^\s*multipart\/form-data\b/i.test(headers.get('content-type') ?? '');
}

function fromBody(
  accepts: NonNullable<Operation['body']>,
  request: RawRequest,
  body: Uint8Array,
): RawParameters {
  // Clients without a content type, or with curl's default one, mean JSON, as the reference has it.
  if (!isMultipart(request)) return parseJsonBody(body);
  if (accepts === 'json') throw new FrsError('FRS.0014', 'This operation takes no multipart body.');
  const parts = readMultipart(body, request.headers.get('content-type') ?? '');
  const preset = presetCharset(parts);
  return unique(parts.map((part) => [part.name, partValue(part, preset)]));
}

/** The charset of the parts that tell none (RFC 7578, 4.6). */
function presetCharset(parts: readonly Part[]): string {
  const told = parts.find(({ name }) => name === '_charset_');
  return (told && textOf(told.bytes.subarray(0, longestCharset), 'utf-8')) ?? 'utf-8';
}

/**
 * A part as a parameter. What can't be read as the text that its name stands for stays as it is: a parameter of the
 * operation is then refused by its schema, any other part is ignored.
 */
function partValue({ name, headers, bytes }: Part, preset: string): Uint8Array | JsonValue {
  if (files.has(name)) return bytes;
  const charset = headerParameters(headers.get('content-type') ?? '').get('charset') ?? preset;
  const text = textOf(bytes, charset);
  if (text === undefined) return bytes;
  if (!jsonTexts.has(name)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** The encodings that write ASCII otherwise, or other text with its bytes; to all others it is ASCII. */
const withoutAscii = /^(utf-16|iso-2022)/;

/** UTF-16 is big endian where its byte order mark says so (RFC 2781, 4.3), as Java's writers do; a TextDecoder takes it for little endian. */
function inByteOrder(charset: string, bytes: Uint8Array): string {
  return /^utf-?16$/i.test(charset) && bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : charset;
}

/** Undefined where the bytes are none of that charset, or nobody knows it; or where they are more text than any parameter has. */
function textOf(bytes: Uint8Array, charset: string): string | undefined {
  try {
    const decoder = new TextDecoder(inByteOrder(charset, bytes), { fatal: true });
    if (decoder.encoding === 'utf-8') return isMostlyAscii(bytes) ? decoder.decode(bytes) : undefined;
    if (bytes.length <= longestOtherText) return decoder.decode(bytes);
    // A picture as Base64, of clients that call their texts ISO-8859-1 unasked, as Apache's HttpClient does.
    if (withoutAscii.test(decoder.encoding) || !isAscii(bytes)) return undefined;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  } catch {
    return undefined;
  }
}

function fromQuery(rawQuery: string): RawParameters {
  return unique([...new URLSearchParams(rawQuery)]);
}

/** A parameter that is given twice becomes a list of its values, which no text or file parameter accepts. */
function unique<Value>(entries: readonly (readonly [string, Value])[]): RawParameters {
  const all = new Map<string, Value[]>();
  for (const [name, value] of entries) {
    const values = all.get(name);
    if (values) values.push(value);
    else all.set(name, [value]);
  }
  return Object.fromEntries(
    [...all].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}
