import type { Steps } from '@openfrs/contract/steps';
import type { QuantisedRows } from './block.ts';
import type { Layout } from './format/layout.ts';
import { placeCodes } from './format/place-columns.ts';
import { allocate, hashRegionSteps, type Region } from './region.ts';
import { RowNumbers } from './row-numbers.ts';

/**
 * The codes part of a segment, which is put where it is scanned as it comes. In pieces that are brought together later it would
 * take its memory twice: of what lay in many small buffers malloc gives hardly anything back.
 */
export class ResidentCodes {
  private readonly region: Region;
  private readonly layout: Layout;
  /** Of the part, without the numbers that end it. */
  private readonly rowsLength: number;
  /** The file's bytes of the numbers, with the zeros behind them. */
  private readonly numbers: Uint8Array<ArrayBuffer>;

  constructor(layout: Layout) {
    const { offset, length } = layout.parts.codes;
    this.layout = layout;
    this.rowsLength = layout.sections.get('numbers')!.offset - offset;
    this.region = allocate(this.rowsLength, true);
    this.numbers = new Uint8Array(length - this.rowsLength);
  }

  /** Takes bytes of the file from `from` on, all of them in the part. */
  add(from: number, bytes: Uint8Array): void {
    const at = from - this.layout.parts.codes.offset;
    const ofRows = Math.max(0, Math.min(bytes.length, this.rowsLength - at));
    const { buffer, base } = this.region;
    if (ofRows > 0) new Uint8Array(buffer).set(bytes.subarray(0, ofRows), base + at);
    if (ofRows < bytes.length) this.numbers.set(bytes.subarray(ofRows), at + ofRows - this.rowsLength);
  }

  /** XXH64 of the part; where bytes are missing it is another one. */
  checksum(): Steps<string> {
    return hashRegionSteps(this.region, 0, this.rowsLength, this.numbers);
  }

  /** What the part holds; to be called once. */
  rows(stride: number): { readonly quantised: QuantisedRows; readonly numbers: RowNumbers } {
    const { length } = this.layout.sections.get('numbers')!;
    return {
      quantised: placeCodes(this.region, this.layout, stride, this.layout.parts.codes.offset),
      numbers: new RowNumbers(new Float64Array(this.numbers.buffer, 0, length / 8)),
    };
  }
}
