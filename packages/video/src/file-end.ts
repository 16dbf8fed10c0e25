import type { Container } from './sniff.ts';

/**
 * Does the file reach as far as its outermost element says? `streamed`: its writer could not go back to the header, whose counts
 * are as false as the size; `unknown`: there is no such element, or it has no size.
 */
export type FileEnd = 'whole' | 'cut' | 'streamed' | 'unknown';

/** RIFF sizes that no file of 8 MB has: writers to a pipe leave such values where they can't go back. */
const placeholderBytes = 0x3f000000;
const segmentId = [0x18, 0x53, 0x80, 0x67];

/** Tells for containers whose outermost element has a size: it is written last, and shows what a header's frame count doesn't. */
export function fileEnd(container: Container, video: Uint8Array): FileEnd {
  const size = container === 'avi' ? riffEnd(video) : container === 'webm' ? segmentEnd(video) : undefined;
  if (size === undefined) return container === 'avi' ? 'streamed' : 'unknown';
  // Some writers don't count the byte that pads the last chunk.
  return size > video.length + 1 ? 'cut' : 'whole';
}

/** Where the first RIFF chunk ends; undefined: not written. */
function riffEnd(video: Uint8Array): number | undefined {
  const size = new DataView(video.buffer, video.byteOffset, video.byteLength).getUint32(4, true);
  return size === 0 || size >= placeholderBytes ? undefined : size + 8;
}

/** Where the Matroska segment ends (RFC 8794, 4 to 6); undefined: of unknown size. */
function segmentEnd(video: Uint8Array): number | undefined {
  const header = elementSize(video, 4);
  if (header?.size === undefined) return undefined;
  let at = header.from + header.size;
  // A Void element may stand between.
  for (let elements = 0; elements < 4; elements += 1) {
    if (segmentId.every((byte, i) => video[at + i] === byte)) {
      const segment = elementSize(video, at + 4);
      return segment?.size === undefined ? undefined : segment.from + segment.size;
    }
    const other = elementSize(video, at + 1);
    if (other?.size === undefined) return undefined;
    at = other.from + other.size;
  }
  return undefined;
}

/** An EBML size at `at`, and where the data begins; the size undefined where all of its bits are 1. */
function elementSize(video: Uint8Array, at: number): { from: number; size: number | undefined } | undefined {
  const first = video[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || at + length > video.length) return undefined;
  const mask = 0xff >> length;
  let size = first & mask;
  let unknown = size === mask;
  for (let i = 1; i < length; i += 1) {
    const byte = video[at + i] as number;
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  return { from: at + length, size: unknown ? undefined : size };
}
