/** The numbers of a segment's rows, ascending, in as few bytes as they allow: none where no number is left out. */
export class RowNumbers {
  readonly count: number;
  private readonly first: number;
  /** How far each is from the first; undefined where that is its row. */
  private readonly distances: Uint32Array | Float64Array | undefined;

  /** @param numbers ascending whole numbers; they are not kept */
  constructor(numbers: Float64Array) {
    const [first = 0] = numbers;
    const span = (numbers.at(-1) ?? 0) - first;
    this.count = numbers.length;
    this.first = first;
    if (span >= numbers.length) {
      const distances = span < 2 ** 32 ? new Uint32Array(numbers.length) : new Float64Array(numbers.length);
      for (let row = 0; row < numbers.length; row += 1) distances[row] = numbers[row]! - first;
      this.distances = distances;
    }
  }

  get bytes(): number {
    return this.distances?.byteLength ?? 0;
  }

  of(row: number): number {
    return this.first + (this.distances === undefined ? row : this.distances[row]!);
  }

  /** The row of a number, or undefined. */
  find(number: number): number | undefined {
    const wanted = number - this.first;
    const { distances, count } = this;
    if (distances === undefined) return wanted >= 0 && wanted < count ? wanted : undefined;
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = distances[middle]!;
      if (there === wanted) return middle;
      if (there < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}
