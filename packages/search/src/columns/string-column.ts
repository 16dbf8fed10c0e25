import type { Steps } from '@openfrs/contract/steps';

/** So many of a file's texts are kept as strings: all of them would take several times the file's bytes. */
const decodedKept = 1024;

/** The distinct texts of a string column, by code: 0 is none, the rest count from 1. */
export class Dictionary {
  /** The texts that are not among the file's, by code less those of the file, and their codes. */
  private readonly addedTexts: string[] = [];
  private readonly added = new Map<string, number>();
  /** Texts of the file that were asked for lately. */
  private readonly decoded = new Map<number, string>();
  /** As the file has them: UTF-8 one after another in ascending order of bytes, and where each ends. */
  private readonly utf8: Uint8Array;
  private readonly ends: Uint32Array;

  constructor(utf8 = new Uint8Array(0), ends = new Uint32Array(0)) {
    this.utf8 = utf8;
    this.ends = ends;
  }

  get size(): number {
    return this.ends.length + this.addedTexts.length;
  }

  get bytes(): number {
    const strings = this.addedTexts.length * 2 + this.decoded.size;
    return this.utf8.byteLength + this.ends.byteLength + strings * 32;
  }

  text(code: number): string | undefined {
    if (code === 0) return undefined;
    if (code > this.ends.length) return this.addedTexts[code - this.ends.length - 1];
    const known = this.decoded.get(code);
    if (known !== undefined) return known;
    const { buffer, byteOffset, byteLength } = this.entry(code);
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
    if (this.decoded.size === decodedKept) this.decoded.clear();
    this.decoded.set(code, text);
    return text;
  }

  /** The code of a text, or undefined where no row ever had it. */
  find(text: string): number | undefined {
    const added = this.added.get(text);
    if (added !== undefined) return added;
    const bytes = Buffer.from(text, 'utf8');
    let low = 1;
    let high = this.ends.length;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = Buffer.compare(bytes, this.entry(middle));
      if (order === 0) return middle;
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return undefined;
  }

  /** The code of a text that no file brought, or undefined. */
  findAdded(text: string): number | undefined {
    return this.added.get(text);
  }

  /** The code of a text, added if it is new. */
  intern(text: string): number {
    const known = this.find(text);
    if (known !== undefined) return known;
    this.addedTexts.push(text);
    this.added.set(text, this.size);
    return this.size;
  }

  private entry(code: number): Uint8Array {
    return this.utf8.subarray(code === 1 ? 0 : this.ends[code - 2]!, this.ends[code - 1]!);
  }
}

/** Codes of a dictionary by row, in as few bytes each as its size needs. */
export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Codes that are copied between two pauses. */
const codesAtOnce = 65_536;

/** Room for so many codes, none of them above `largest`. */
function roomFor(rows: number, largest: number): Codes {
  if (largest < 2 ** 8) return new Uint8Array(rows);
  return largest < 2 ** 16 ? new Uint16Array(rows) : new Uint32Array(rows);
}

/** Texts by row, dictionary-encoded. */
export class StringColumn {
  codes: Codes;
  readonly dictionary: Dictionary;

  constructor(codes: Codes, dictionary = new Dictionary()) {
    this.codes = codes;
    this.dictionary = dictionary;
  }

  get bytes(): number {
    return this.codes.byteLength + this.dictionary.bytes;
  }

  /** Keeps the codes in as few bytes as the dictionary needs now: for rows whose texts mostly stay. */
  *narrow(): Steps<void> {
    const { codes } = this;
    const narrow = roomFor(codes.length, this.dictionary.size);
    for (let from = 0; from < codes.length; from += codesAtOnce) {
      if (from > 0) yield;
      narrow.set(codes.subarray(from, from + codesAtOnce), from);
    }
    this.codes = narrow;
  }

  grow(rows: number): void {
    const codes = new Uint32Array(rows);
    codes.set(this.codes);
    this.codes = codes;
  }

  get(row: number): string | undefined {
    return this.dictionary.text(this.codes[row]!);
  }

  set(row: number, text: string | undefined): void {
    const code = text === undefined ? 0 : this.dictionary.intern(text);
    if (code >= 2 ** (8 * this.codes.BYTES_PER_ELEMENT)) this.grow(this.codes.length);
    this.codes[row] = code;
  }
}
