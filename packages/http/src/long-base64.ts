import { randomUUID } from 'node:crypto';
import type { Media } from '@openfrs/contract';
import { maxMediaBytes } from '@openfrs/core';
import type { MemoryReservation } from './admission/memory-budget.ts';
import { BodyBuffer } from './body-buffer.ts';

/** A JSON body whose long texts have short names in their place. */
interface ShortenedJson {
  readonly json: Uint8Array;
  /** What stood there, by name: views of the body. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
}

type Decoded = Extract<Media, { readonly kind: 'decoded' }>;

const [quote, backslash, minus, underscore, equals] = [0x22, 0x5c, 0x2d, 0x5f, 0x3d];
/** Shorter texts cost little. */
const longBytes = 64 * 1024;
/** So many texts of a body are looked at: requests with pictures have few. */
const mostTexts = 256;
/** Base64 that is decoded between two turns of the event loop: 1 to 2 ms. */
const sliceBytes = 1024 * 1024;
/** Parameters that may be long. */
const mediaName = /_base64$/;

/**
 * Takes long texts without escapes out of a JSON body. As text of JavaScript, 8 MB of Base64 are a pause of 30 ms, and twice their
 * size that V8 has to collect.
 * @returns undefined where there is none, or this is no JSON
 */
export function shortenJson(body: Uint8Array): ShortenedJson | undefined {
  if (body.length < longBytes) return undefined;
  const bytes = bufferOf(body);
  const prefix = randomUUID();
  const texts = new Map<string, Uint8Array>();
  const pieces: Uint8Array[] = [];
  let [from, looked] = [0, 0];
  for (let at = bytes.indexOf(quote); at >= 0 && looked < mostTexts; looked++) {
    const end = endOfText(bytes, at);
    if (end < 0) return undefined;
    const text = bytes.subarray(at + 1, end);
    if (text.length >= longBytes && !text.includes(backslash)) {
      const name = `${prefix}-${texts.size}`;
      texts.set(name, text);
      pieces.push(bytes.subarray(from, at + 1), Buffer.from(name));
      from = end;
    }
    at = bytes.indexOf(quote, end + 1);
  }
  return texts.size === 0 ? undefined : { json: Buffer.concat([...pieces, bytes.subarray(from)]), texts };
}

/** Is each of the texts the value of a parameter that may be long, and nothing else? Of a key given twice one is lost. */
export function areMedia(
  parameters: Readonly<Record<string, unknown>>,
  texts: ShortenedJson['texts'],
): boolean {
  const names = Object.entries(parameters).filter(
    ([key, value]) => mediaName.test(key) && typeof value === 'string' && texts.has(value),
  );
  return names.length === texts.size;
}

/** Media that were decoded, and their memory. */
interface DecodedTexts {
  readonly media: ReadonlyMap<string, Decoded>;
  /** Their memory is the reservation's from here on, and what is counted of it becomes smaller by what Base64 takes more. */
  hold(reservation: MemoryReservation): void;
  free(): void;
}

/**
 * Decodes Base64 in slices between which the event loop runs.
 * @returns undefined where any is no Base64 as the contract wants it, or larger than a picture
 * @throws the signal's reason
 */
export async function decodeTexts(
  texts: ShortenedJson['texts'],
  signal: AbortSignal,
): Promise<DecodedTexts | undefined> {
  const media = new Map<string, Decoded>();
  const memories: BodyBuffer[] = [];
  const free = () => {
    for (const memory of memories) memory.free();
  };
  try {
    for (const [name, text] of texts) {
      const memory = await decodeText(bufferOf(text), signal);
      if (memory === undefined) {
        free();
        return undefined;
      }
      memories.push(memory);
      media.set(name, { kind: 'decoded', bytes: memory.bytes, textLength: text.length });
    }
  } catch (error) {
    free();
    throw error;
  }
  return {
    media,
    free,
    hold(reservation) {
      reservation.onFree(free);
      for (const { bytes, textLength } of media.values()) reservation.subtract(textLength - bytes.length);
    },
  };
}

async function decodeText(text: Buffer, signal: AbortSignal): Promise<BodyBuffer | undefined> {
  if (text.length > maxMediaBytes || text.length % 4 !== 0) return undefined;
  // Node's decoder takes the URL alphabet as well.
  if (text.includes(minus) || text.includes(underscore)) return undefined;
  const padding = Number(text.at(-1) === equals) + Number(text.at(-1) === equals && text.at(-2) === equals);
  const size = (text.length / 4) * 3 - padding;
  const memory = new BodyBuffer(size);
  const bytes = bufferOf(memory.allocate(size));
  let written = 0;
  try {
    for (let at = 0; at < text.length; at += sliceBytes) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      written += bytes.write(text.toString('latin1', at, at + sliceBytes), written, 'base64');
      // What is no Base64 is skipped by the decoder.
      if (written !== Math.min(((at + sliceBytes) / 4) * 3, size)) break;
    }
  } catch (error) {
    memory.free();
    throw error;
  }
  if (written === size) return memory;
  memory.free();
  return undefined;
}

/** Where the text that a quote begins ends; negative where it doesn't. */
function endOfText(bytes: Buffer, start: number): number {
  let end = start;
  for (;;) {
    end = bytes.indexOf(quote, end + 1);
    if (end < 0) return end;
    let first = end;
    while (bytes[first - 1] === backslash) first--;
    if ((end - first) % 2 === 0) return end;
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
