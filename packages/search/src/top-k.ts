/** The k largest of the values offered, as a heap with the least on top. */
export class TopK {
  private readonly heap: Float64Array;
  private size = 0;

  constructor(k: number) {
    this.heap = new Float64Array(k);
  }

  /** The k-th largest value so far; -Infinity while there are fewer. */
  get least(): number {
    return this.size < this.heap.length ? Number.NEGATIVE_INFINITY : this.heap[0]!;
  }

  offer(value: number): void {
    const { heap } = this;
    if (this.size < heap.length) {
      let at = this.size;
      this.size += 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (heap[parent]! <= value) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = value;
      return;
    }
    if (value <= heap[0]!) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= value) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
  }
}
