import { describe, expect, it } from 'vitest';
import { fileEnd } from './file-end.ts';

/** An AVI of 100 bytes whose first chunk claims so many. */
function avi(size: number): Buffer {
  const file = Buffer.alloc(100);
  file.write('RIFF', 'latin1');
  file.writeUInt32LE(size, 4);
  return file;
}

/** A WebM with an EBML header of four bytes, then the segment's size as given, then ten bytes. */
function webm(size: readonly number[], ...between: number[]): Buffer {
  const header = [0x1a, 0x45, 0xdf, 0xa3, 0x84, 1, 2, 3, 4];
  return Buffer.from([...header, ...between, 0x18, 0x53, 0x80, 0x67, ...size, ...Array(10).fill(0)]);
}

describe('where a file ends by its structure', () => {
  it.each([
    [92, 'whole'],
    [93, 'whole'],
    [60, 'whole'],
    [94, 'cut'],
    [8_000_000, 'cut'],
    [0, 'streamed'],
    [0x3fffffff, 'streamed'],
    [0x7fffffff, 'streamed'],
    [0xffffffff, 'streamed'],
  ])('an AVI of 100 bytes that claims %i and 8: %s', (size, end) => {
    expect(fileEnd('avi', avi(size))).toBe(end);
  });

  it.each([
    ['of its size', webm([0x8a]), 'whole'],
    ['of its size in eight bytes', webm([1, 0, 0, 0, 0, 0, 0, 10]), 'whole'],
    ['of more', webm([0x90]), 'cut'],
    ['of unknown size', webm([0xff]), 'unknown'],
    ['of unknown size in eight bytes', webm([1, 255, 255, 255, 255, 255, 255, 255]), 'unknown'],
    ['behind a Void element', webm([0x90], 0xec, 0x82, 0, 0), 'cut'],
    ['without a segment', Buffer.alloc(40), 'unknown'],
  ])('a WebM %s', (_, file, end) => {
    expect(fileEnd('webm', file)).toBe(end);
  });

  it('others have no size of the whole', () => {
    expect(fileEnd('flv', Buffer.alloc(100))).toBe('unknown');
  });
});
