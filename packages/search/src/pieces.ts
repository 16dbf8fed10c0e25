import type { ByteRange } from './types.ts';

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/**
 * A range of a file as its bytes came: in pieces that are kept where they lie. To bring 20 MB together takes longer than to
 * hash and scan them, as most of it goes into memory that the process has not touched before.
 */
export class Pieces {
  private readonly range: ByteRange;
  private pieces: Piece[] = [];

  constructor(range: ByteRange) {
    this.range = range;
  }

  /** Takes bytes of the file from `from` on, in any order; they must not change afterwards. */
  add(from: number, bytes: Uint8Array): void {
    this.pieces.push({ from, to: from + bytes.length, bytes });
  }

  /** Puts the pieces in order, what came twice once: is the range complete? To be called before `copy`. */
  order(): boolean {
    const { offset, length } = this.range;
    const ordered: Piece[] = [];
    let end = offset;
    for (const { from, to, bytes } of this.pieces.sort((a, b) => a.from - b.from)) {
      if (from > end) return false;
      if (to <= end) continue;
      ordered.push({ from: end, to, bytes: bytes.subarray(end - from) });
      end = to;
    }
    this.pieces = ordered;
    return end === offset + length;
  }

  /** Copies the file's bytes [from, to), all of them in the range, to the start of `target`. */
  copy(from: number, to: number, target: Uint8Array): void {
    let at = from;
    for (let i = this.placeOf(from); at < to; i += 1) {
      const piece = this.pieces[i]!;
      const stop = Math.min(to, piece.to);
      target.set(piece.bytes.subarray(at - piece.from, stop - piece.from), at - from);
      at = stop;
    }
  }

  /** The piece that holds the file's byte `offset`. */
  private placeOf(offset: number): number {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pieces[middle]!.to <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
